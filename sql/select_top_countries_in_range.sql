select p.country as name, cast(sum(s.clicks) as bigint) as clicks
from (
  select page_id, sum(clicks) as clicks
  from click_series
  where hour >= @From and hour < @To and page_id <> 0
  group by page_id
) s
join click_rollups p on p.page_id = s.page_id
group by p.country
order by clicks desc, name
limit @Limit
