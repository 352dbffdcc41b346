-- Each hour and page is looked up: a scan of the range would read every page's hours.
with recursive hours (hour) as (
  select @From
  where @From < @To
  union all
  select strftime('%Y-%m-%dT%H:00:00.000000Z', hour, '+1 hour')
  from hours
  where strftime('%Y-%m-%dT%H:00:00.000000Z', hour, '+1 hour') < @To
),
pages as materialized (
  select page_id
  from click_rollups
  where (@Url is null or url = @Url) and (@Country is null or country = @Country)
  order by page_id
)
select h.hour, sum(s.clicks) as clicks
from hours h
cross join pages p
cross join click_series s on s.hour = h.hour and s.page_id = p.page_id
group by h.hour
order by h.hour
