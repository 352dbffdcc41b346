-- Nothing is compared while visitors that an earlier version stored are not hashed yet. In site_visitors the rows that differ are
-- counted for each day.
with counted as materialized (
  select
    cast(c."timestamp" at time zone 'UTC' as date) as day, c.visitor,
    bit_or(1 << cast(date_part('hour', c."timestamp" at time zone 'UTC') as integer)) as hours
  from clickstream_data c
  join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
  left join retried_clicks r on r.log_id = c.log_id and r.partition = c.partition and r."offset" = c."offset"
  where c."offset" < a.series_offset and r."offset" is null
    and not exists (select from unhashed_clicks)
  group by 1, 2
),
hourly as (
  select cast(c.day as timestamp) at time zone 'UTC' + make_interval(hours => number) as hour, count(*) as visitors
  from counted c
  join generate_series(0, 23) as number on c.hours >> number & 1 = 1
  group by 1
),
daily as (
  select day, count(*) as visitors
  from counted
  group by day
),
differences as (
  select
    'site_visitors' as place, coalesce(s.day, c.day) as day, cast(null as timestamptz) as hour,
    count(s.day) as kept, count(c.day) as recounted
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
select place, coalesce(hour, cast(day as timestamp) at time zone 'UTC') as "from", kept, recounted
from differences
where not exists (select from unhashed_clicks)
order by 1, 2
limit @Limit
