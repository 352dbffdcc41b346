-- Of an adopted partition, topic and topic id are those of the topic that it belongs to.
-- Includes partitions without a consumer offset: all rows of such a partition are unexpected.
with found as (
  select log_id, partition, count(*) as stored_rows
  from clickstream_data
  group by log_id, partition
),
partitions as (
  select log_id, partition from consumer_offsets
  union
  select log_id, partition from found
  union
  select log_id, partition from dead_letters
  union
  select log_id, partition from duplicate_clicks
  union
  select log_id, partition from aggregation_offsets
)
select
  p.log_id,
  p.partition,
  coalesce(l.topic, '') as topic,
  l.topic_id,
  coalesce(c.start_offset, 0) as start_offset,
  coalesce(c.next_offset, 0) as next_offset,
  coalesce(a.next_offset, c.start_offset, 0) as folded_offset,
  coalesce(c.stored, 0) as stored,
  coalesce(a.folded, 0) as folded,
  coalesce(f.stored_rows, 0) as stored_rows,
  coalesce(c.duplicates, 0) as duplicates,
  (
    select count(*)
    from duplicate_clicks d
    where d.log_id = p.log_id and d.partition = p.partition
  ) as duplicate_rows,
  (
    select min(later.start_offset)
    from adopted_partitions later
    where later.log_id = coalesce(o.log_id, p.log_id) and later.partition = p.partition and later.adopted_log_id > p.log_id
  ) as replaced_from,
  c.diverged_offset
from partitions p
left join consumer_offsets c on c.log_id = p.log_id and c.partition = p.partition
left join aggregation_offsets a on a.log_id = p.log_id and a.partition = p.partition
left join found f on f.log_id = p.log_id and f.partition = p.partition
left join adopted_partitions o on o.adopted_log_id = p.log_id and o.partition = p.partition
left join click_logs l on l.log_id = coalesce(o.log_id, p.log_id)
order by p.log_id, p.partition
