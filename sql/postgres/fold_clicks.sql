-- One statement, so that everything is read from one snapshot: for each partition the clicks of [aggregation offset, upper), and
-- clicks below the aggregation offset that were stored by a dead-letter retry since the last fold. A retry that commits after the
-- snapshot is not visible, neither as a click nor in retried_clicks, and is left for the next fold. Where visitors that an
-- earlier version stored are not hashed yet, the result says so, and nothing of it may be committed.
-- The series are behind a partition's aggregation offset where clicks were folded without them, by an earlier version: a chunk
-- of [series offset, aggregation offset) is added to the series only, as far as visitors are hashed, and until the series have
-- caught up, the fold adds nothing else to them.
with progress as materialized (
  select
    c.log_id, c.partition, c.next_offset as end_offset,
    coalesce(a.next_offset, c.start_offset) as start_offset,
    coalesce(a.series_offset, c.start_offset) as series_offset,
    a.next_offset is null as is_new,
    greatest(
      1,
      @MaxClicks / greatest(1, count(*) filter (where c.next_offset > coalesce(a.next_offset, c.start_offset)) over ())) as share,
    greatest(
      1,
      @MaxClicks / greatest(1, count(*) filter (where a.next_offset > coalesce(a.series_offset, c.start_offset)) over ()))
      as series_share
  from consumer_offsets c
  left join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
),
in_range as materialized (
  select
    p.log_id, p.partition, d."offset", d.url, d.country, d.visitor, d."timestamp",
    p.series_offset >= p.start_offset and d."offset" >= p.series_offset as in_series
  from progress p
  -- The limit makes the planner scan the primary key in order, whatever its row estimate.
  cross join lateral (
    select "offset", url, country, visitor, "timestamp"
    from clickstream_data
    where log_id = p.log_id and partition = p.partition and "offset" >= p.start_offset and "offset" < p.end_offset
    order by "offset"
    limit p.share
  ) d
),
retried as materialized (
  select r.log_id, r.partition, r."offset", d.url, d.country, d.visitor, d."timestamp"
  from (
    select r.log_id, r.partition, r."offset"
    from retried_clicks r
    join progress p on p.log_id = r.log_id and p.partition = r.partition
    where r."offset" < p.start_offset
    order by r.log_id, r.partition, r."offset"
    limit @MaxClicks
  ) r
  cross join lateral (
    select url, country, visitor, "timestamp"
    from clickstream_data
    where log_id = r.log_id and partition = r.partition and "offset" = r."offset"
    limit 1
  ) d
),
behind as materialized (
  select p.log_id, p.partition, d."offset", d.url, d.country, d.visitor, d."timestamp"
  from progress p
  cross join lateral (
    select "offset", url, country, visitor, "timestamp"
    from clickstream_data
    where log_id = p.log_id and partition = p.partition and "offset" >= p.series_offset and "offset" < p.start_offset
    order by "offset"
    limit p.series_share
  ) d
  where p.series_offset < p.start_offset
),
folded as (
  select log_id, partition, count(*) as clicks, max("offset") as last_offset
  from in_range
  group by log_id, partition
),
folded_retried as (
  select log_id, partition, count(*) as clicks
  from retried
  group by log_id, partition
),
caught_up as (
  select
    log_id, partition, count(*) as clicks, max("offset") as last_offset,
    min("offset") filter (where visitor is null) as unhashed_offset
  from behind
  group by log_id, partition
),
moves as materialized (
  select
    log_id, partition, start_offset, end_offset, series_offset, is_new, upper_offset, clicks,
    case
      when series_offset >= start_offset then greatest(series_offset, upper_offset)
      when unhashed_offset is not null then unhashed_offset
      when behind_clicks = series_share then last_behind + 1
      else start_offset
    end as series_upper
  from (
    select
      p.*,
      case when f.clicks = p.share then f.last_offset + 1 else p.end_offset end as upper_offset,
      coalesce(f.clicks, 0) + coalesce(b.clicks, 0) as clicks,
      u.clicks as behind_clicks, u.last_offset as last_behind, u.unhashed_offset
    from progress p
    left join folded f on f.log_id = p.log_id and f.partition = p.partition
    left join folded_retried b on b.log_id = p.log_id and b.partition = p.partition
    left join caught_up u on u.log_id = p.log_id and u.partition = p.partition
    where p.start_offset < p.end_offset or b.clicks > 0 or p.series_offset < p.start_offset
  ) p
),
moved as (
  insert into aggregation_offsets as a (log_id, partition, next_offset, folded, series_offset)
  select log_id, partition, upper_offset, clicks, series_upper
  from moves
  order by log_id, partition
  on conflict (log_id, partition) do update
  set next_offset = excluded.next_offset, folded = a.folded + excluded.folded, series_offset = excluded.series_offset
  where a.next_offset = (
    select m.start_offset
    from moves m
    where m.log_id = a.log_id and m.partition = a.partition and not m.is_new
  )
  returning 1
),
deleted as (
  delete from retried_clicks r
  using moves m
  where r.log_id = m.log_id and r.partition = m.partition
    and (
      r."offset" >= m.start_offset and r."offset" < m.upper_offset
      or (r.log_id, r.partition, r."offset") in (select b.log_id, b.partition, b."offset" from retried b)
    )
),
clicks as materialized (
  -- Hours are numbered from 1970 on.
  select
    url, country, visitor, "timestamp", in_fold, in_series,
    cast(date_part('epoch', date_bin('1 hour', "timestamp", 'epoch')) / 3600 as integer) as hour
  from (
    select url, country, visitor, "timestamp", true as in_fold, in_series from in_range
    union all
    select b.url, b.country, b.visitor, b."timestamp", true, b."offset" < m.series_upper
    from retried b
    join moves m on m.log_id = b.log_id and m.partition = b.partition
    union all
    select b.url, b.country, b.visitor, b."timestamp", false, true
    from behind b
    join moves m on m.log_id = b.log_id and m.partition = b.partition
    where b."offset" < m.series_upper
      and not exists (
        select
        from retried_clicks r
        where r.log_id = b.log_id and r.partition = b.partition and r."offset" = b."offset"
      )
  ) c
),
visits as materialized (
  select url, country, visitor
  from clicks
  where in_fold
  group by url, country, visitor
),
hours as materialized (
  select
    url, country, hour, count(*) filter (where in_fold) as clicks, count(*) filter (where in_series) as series_clicks,
    min("timestamp") filter (where in_fold) as first_click, max("timestamp") filter (where in_fold) as last_click
  from clicks
  group by url, country, hour
),
pages as materialized (
  select
    coalesce(r.page_id, nextval('click_pages')) as page_id, r.page_id is null as is_new,
    v.url, v.country, v.clicks, v.first_click, v.last_click
  from (
    select url, country, cast(sum(clicks) as bigint) as clicks, min(first_click) as first_click, max(last_click) as last_click
    from hours
    group by url, country
  ) v
  left join click_rollups r on r.url = v.url and r.country = v.country
  where v.clicks > 0 or r.page_id is not null
),
site_visits as materialized (
  select
    day, visitor, hours,
    -- A subquery for each row: looked up by key, whatever the planner thinks of the table.
    coalesce((select s.hours from site_visitors s where s.day = v.day and s.visitor = v.visitor), 0) as known_hours
  from (
    select date '1970-01-01' + hour / 24 as day, visitor, bit_or(1 << hour % 24) as hours
    from clicks
    where in_series and visitor is not null
    group by hour / 24, visitor
  ) v
),
new_site_visits as (
  insert into site_visitors as s (day, visitor, hours)
  select day, visitor, hours
  from site_visits
  where hours & ~known_hours <> 0
  order by day, visitor
  on conflict (day, visitor) do update
  set hours = s.hours | excluded.hours
),
new_site_days as (
  insert into site_days as s (day, visitors)
  select day, count(*)
  from site_visits
  where known_hours = 0
  group by day
  order by day
  on conflict (day) do update
  set visitors = s.visitors + excluded.visitors
),
site_hours as (
  select (day - date '1970-01-01') * 24 + number as hour, sum(visitors) as visitors
  from (
    select day, hours & ~known_hours as hours, count(*) as visitors
    from site_visits
    group by day, hours & ~known_hours
  ) v
  join generate_series(0, 23) as number on v.hours >> number & 1 = 1
  group by day, number
),
series as (
  insert into click_series as s (page_id, hour, clicks, visitors)
  select page_id, to_timestamp(hour * 3600.0), clicks, visitors
  from (
    select p.page_id, h.hour, h.series_clicks as clicks, cast(null as bigint) as visitors
    from hours h
    join pages p on p.url = h.url and p.country = h.country
    where h.series_clicks > 0
    union all
    select 0, h.hour, cast(sum(h.series_clicks) as bigint), cast(coalesce(max(v.visitors), 0) as bigint)
    from hours h
    left join site_hours v on v.hour = h.hour
    where h.series_clicks > 0
    group by h.hour
  ) c
  order by hour, page_id
  on conflict (page_id, hour) do update
  set clicks = s.clicks + excluded.clicks, visitors = s.visitors + excluded.visitors
),
visitors as (
  insert into click_visitors (page_id, visitor)
  select p.page_id, v.visitor
  from visits v
  join pages p on p.url = v.url and p.country = v.country
  where v.visitor is not null
  order by p.page_id, v.visitor
  on conflict (page_id, visitor) do nothing
  returning page_id
),
new_users as (
  select page_id, count(*) as users
  from visitors
  group by page_id
),
rollups as (
  insert into click_rollups as r
    (page_id, clicks, unique_users, first_click, last_click, updated_at, version, url, country)
  select
    p.page_id, p.clicks, coalesce(u.users, 0), p.first_click, p.last_click, @Now,
    ((select epoch from aggregation_state) << 40) + 1,
    p.url, p.country
  from pages p
  left join new_users u on u.page_id = p.page_id
  where p.clicks > 0
  order by p.page_id
  on conflict (url, country) do update
  set
    clicks = r.clicks + excluded.clicks,
    unique_users = r.unique_users + excluded.unique_users,
    first_click = least(r.first_click, excluded.first_click),
    last_click = greatest(r.last_click, excluded.last_click),
    updated_at = excluded.updated_at,
    version = r.version + 1
),
counted as (
  update aggregation_state
  set rollups = rollups + (select count(*) from pages where is_new)
  where exists (select from pages where is_new)
)
select
  (select cast(coalesce(sum(clicks), 0) as bigint) from moves) as clicks,
  (select count(*) from pages where clicks > 0) as rollups,
  (select count(*) from moves) as expected,
  (select count(*) from moved) as moved,
  exists (select from visits where visitor is null) as unhashed_clicks,
  exists (select from click_visitor_ids) as unhashed_visitors,
  exists (select from moves where upper_offset < end_offset) or (select count(*) from retried) = @MaxClicks as more,
  exists (select from moves where series_offset < series_upper and series_upper < upper_offset) as series_behind
