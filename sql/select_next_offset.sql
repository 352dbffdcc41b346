select next_offset
from consumer_offsets
where log_id = @LogId and partition = @Partition
