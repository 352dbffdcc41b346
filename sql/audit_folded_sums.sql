select
  (select cast(coalesce(sum(clicks), 0) as bigint) from click_rollups) as rollup_clicks,
  (
    select count(*)
    from clickstream_data c
    join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
    where c."offset" < a.next_offset
  ) - (
    select count(*)
    from retried_clicks r
    join clickstream_data c on c.log_id = r.log_id and c.partition = r.partition and c."offset" = r."offset"
    join aggregation_offsets a on a.log_id = r.log_id and a.partition = r.partition
    where r."offset" < a.next_offset
  ) as folded_clicks,
  (select cast(coalesce(sum(unique_users), 0) as bigint) from click_rollups) as rollup_users,
  (select count(*) from click_visitors) + (select count(*) from click_visitor_ids) as visitors,
  (select count(*) from click_rollups) as rollups
