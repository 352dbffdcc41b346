-- One statement, so that everything is read from one snapshot: for each partition the clicks of [aggregation offset, upper), and
-- clicks below the aggregation offset that were stored by a dead-letter retry since the last fold. A retry that commits after the
-- snapshot is not visible, neither as a click nor in retried_clicks, and is left for the next fold. Where visitors that an earlier
-- version stored are not hashed yet, the result says so, and nothing of it may be committed.
with progress as materialized (
  select
    c.log_id, c.partition, c.next_offset as end_offset,
    coalesce(a.next_offset, c.start_offset) as start_offset,
    a.next_offset is null as is_new,
    greatest(
      1,
      @MaxClicks / greatest(1, count(*) filter (where c.next_offset > coalesce(a.next_offset, c.start_offset)) over ())) as share
  from consumer_offsets c
  left join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
),
in_range as materialized (
  select p.log_id, p.partition, d."offset", d.url, d.country, d.visitor, d."timestamp"
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
moves as materialized (
  select
    p.log_id, p.partition, p.start_offset, p.end_offset, p.is_new,
    case when f.clicks = p.share then f.last_offset + 1 else p.end_offset end as upper_offset,
    coalesce(f.clicks, 0) + coalesce(b.clicks, 0) as clicks
  from progress p
  left join folded f on f.log_id = p.log_id and f.partition = p.partition
  left join folded_retried b on b.log_id = p.log_id and b.partition = p.partition
  where p.start_offset < p.end_offset or b.clicks > 0
),
moved as (
  insert into aggregation_offsets as a (log_id, partition, next_offset, folded)
  select log_id, partition, upper_offset, clicks
  from moves
  order by log_id, partition
  on conflict (log_id, partition) do update
  set next_offset = excluded.next_offset, folded = a.folded + excluded.folded
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
visits as materialized (
  select url, country, visitor, count(*) as clicks, min("timestamp") as first_click, max("timestamp") as last_click
  from (
    select url, country, visitor, "timestamp" from in_range
    union all
    select url, country, visitor, "timestamp" from retried
  ) clicks
  group by url, country, visitor
),
pages as materialized (
  select
    coalesce(r.page_id, nextval('click_pages')) as page_id, r.page_id is null as is_new,
    v.url, v.country, v.clicks, v.first_click, v.last_click
  from (
    select url, country, cast(sum(clicks) as bigint) as clicks, min(first_click) as first_click, max(last_click) as last_click
    from visits
    group by url, country
  ) v
  left join click_rollups r on r.url = v.url and r.country = v.country
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
  (select count(*) from pages) as rollups,
  (select count(*) from moves) as expected,
  (select count(*) from moved) as moved,
  exists (select from visits where visitor is null) as unhashed_clicks,
  exists (select from click_visitor_ids) as unhashed_visitors,
  exists (select from moves where upper_offset < end_offset) or (select count(*) from retried) = @MaxClicks as more
