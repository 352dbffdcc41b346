-- Nothing is compared while visitors that an earlier version stored are not hashed yet. In site_visitors the rows that differ are
-- counted for each day.
with recursive numbers (number) as (
  select 0
  union all
  select number + 1
  from numbers
  where number < 23
),
counted as materialized (
  select
    substr(c."timestamp", 1, 10) as day, c.visitor,
    sum(distinct 1 << cast(substr(c."timestamp", 12, 2) as integer)) as hours
  from clickstream_data c
  join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
  left join retried_clicks r on r.log_id = c.log_id and r.partition = c.partition and r."offset" = c."offset"
  where c."offset" < a.series_offset and r."offset" is null
    and not exists (select 1 from unhashed_clicks)
  group by 1, 2
),
hourly as (
  select printf('%sT%02d:00:00.000000Z', c.day, number) as hour, count(*) as visitors
  from counted c
  join numbers on c.hours >> number & 1 = 1
  group by 1
),
daily as (
  select day, count(*) as visitors
  from counted
  group by day
),
differences as (
  select
    'site_visitors' as place, coalesce(s.day, c.day) as day, null as hour, count(s.day) as kept, count(c.day) as recounted
  from site_visitors s
  full join counted c on c.day = s.day and c.visitor = s.visitor
  where s.hours is distinct from c.hours
  group by 2
  union all
  select 'site_days', coalesce(s.day, c.day), null, s.visitors, c.visitors
  from site_days s
  full join daily c on c.day = s.day
  where s.visitors is distinct from c.visitors
  union all
  select 'click_series', null, coalesce(s.hour, c.hour), s.visitors, c.visitors
  from (select hour, visitors from click_series where page_id = 0) s
  full join hourly c on c.hour = s.hour
  where coalesce(s.visitors, 0) <> coalesce(c.visitors, 0)
)
select place, coalesce(hour, day || 'T00:00:00.000000Z') as "from", kept, recounted
from differences
where not exists (select 1 from unhashed_clicks)
order by 1, 2
limit @Limit
