select url as name, cast(sum(clicks) as bigint) as clicks
from click_rollups
group by url
order by clicks desc, name
limit @Limit
