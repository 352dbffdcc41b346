select c.partition, c.start_offset, c.next_offset, coalesce(a.next_offset, c.start_offset) as folded_offset
from consumer_offsets c
left join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
where c.log_id = @LogId
order by c.partition
