-- Of the pages a sample is recounted, the site always. Pages without a rollup are named with the rollups.
with sample as (
  select page_id, url, country
  from (
    select page_id, url, country, row_number() over (order by page_id) as number, count(*) over () as total
    from click_rollups
  ) numbered
  where cast(@Pages as bigint) is null
     or number * cast(@Pages as bigint) / total > (number - 1) * cast(@Pages as bigint) / total
),
counted as (
  select c.url, c.country, substr(c."timestamp", 1, 13) || ':00:00.000000Z' as hour, count(*) as clicks
  from clickstream_data c
  join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
  left join retried_clicks r on r.log_id = c.log_id and r.partition = c.partition and r."offset" = c."offset"
  where c."offset" < a.series_offset and r."offset" is null
  group by 1, 2, 3
),
recounted as (
  select 0 as page_id, hour, sum(clicks) as clicks
  from counted
  group by hour
  union all
  select p.page_id, c.hour, c.clicks
  from counted c
  join sample p on p.url = c.url and p.country = c.country
),
kept as (
  select s.page_id, s.hour, s.clicks
  from click_series s
  where s.page_id = 0 or cast(@Pages as bigint) is null or s.page_id in (select page_id from sample)
)
select
  coalesce(k.page_id, c.page_id) as page_id, p.url, p.country, coalesce(k.hour, c.hour) as hour,
  k.clicks, cast(c.clicks as bigint) as recounted_clicks
from kept k
full join recounted c on c.page_id = k.page_id and c.hour = k.hour
left join click_rollups p on p.page_id = coalesce(k.page_id, c.page_id)
where k.clicks is distinct from c.clicks
order by 1, 4
limit @Limit
