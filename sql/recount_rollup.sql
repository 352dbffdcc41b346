with page_clicks as (
  select c.user_id, c."timestamp", case when c."offset" < a.next_offset and r."offset" is null then 1 else 0 end as folded
  from clickstream_data c
  left join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
  left join retried_clicks r on r.log_id = c.log_id and r.partition = c.partition and r."offset" = c."offset"
  where c.url = @Url and c.country = @Country
),
counted as (
  select
    count(*) as clicks, count(distinct user_id) as unique_users,
    min("timestamp") as first_click, max("timestamp") as last_click
  from page_clicks
  where folded = 1
)
select
  p.page_id, p.url, p.country, p.clicks, p.unique_users, p.first_click, p.last_click, p.updated_at, p.version, p.indexed_version,
  n.clicks as counted_clicks, n.unique_users as counted_users, n.first_click as counted_first, n.last_click as counted_last,
  (select count(*) from page_clicks where folded = 0) as waiting
from click_rollups p
cross join counted n
where p.url = @Url and p.country = @Country
