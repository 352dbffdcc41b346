select day, visitors
from site_days
where day >= @From and day < @To
order by day
