select country as name, cast(sum(clicks) as bigint) as clicks
from click_rollups
group by country
order by clicks desc, name
limit @Limit
