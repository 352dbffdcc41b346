select start_offset as "start", end_offset as "end", at
from diverged_ranges
where log_id = @LogId and partition = @Partition
order by start_offset, end_offset
