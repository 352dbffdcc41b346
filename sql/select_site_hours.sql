select hour, clicks, visitors
from click_series
where page_id = 0 and hour >= @From and hour < @To
order by hour
