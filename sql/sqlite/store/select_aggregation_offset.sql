select next_offset
from aggregation_offsets
where log_id = @LogId and partition = @Partition
