-- Nothing is inserted where the partition has moved, is not stopped, or was adopted meanwhile.
insert into adopted_partitions (log_id, partition, replaced_log_id, adopted_log_id, start_offset, at)
select @LogId, @Partition, @ReplacedLogId, @AdoptedLogId, @Start, @At
from consumer_offsets
where log_id = @ReplacedLogId and partition = @Partition and next_offset = @NextOffset and diverged_offset is not null
on conflict (replaced_log_id, partition) do nothing
