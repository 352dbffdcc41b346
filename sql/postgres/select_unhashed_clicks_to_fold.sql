-- What an earlier version stored and nobody has folded yet; also what its silos go on storing beside those of this one.
select log_id, partition, "offset", user_id
from (
  select c.log_id, c.partition, d."offset", d.user_id
  from consumer_offsets c
  left join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
  cross join lateral (
    select "offset", user_id
    from clickstream_data
    where log_id = c.log_id and partition = c.partition
      and "offset" >= coalesce(a.next_offset, c.start_offset) and "offset" < c.next_offset and visitor is null
    order by "offset"
    limit @Limit
  ) d
  union all
  select d.log_id, d.partition, d."offset", d.user_id
  from retried_clicks r
  join clickstream_data d on d.log_id = r.log_id and d.partition = r.partition and d."offset" = r."offset"
  where d.visitor is null
) unhashed
limit @Limit
