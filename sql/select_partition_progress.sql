select
  c.partition, c.start_offset, c.next_offset, coalesce(a.next_offset, c.start_offset) as folded_offset, c.diverged_offset
from consumer_offsets c
left join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
where c.log_id = coalesce(
  (select max(o.adopted_log_id) from adopted_partitions o where o.log_id = @LogId and o.partition = c.partition), @LogId)
order by c.partition
