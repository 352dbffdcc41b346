insert into aggregation_offsets (log_id, partition, next_offset)
select log_id, partition, start_offset
from consumer_offsets
where log_id = @LogId and partition = @Partition
on conflict (log_id, partition) do nothing
