update consumer_offsets
set diverged_offset = null, diverged_at = null
where log_id = @LogId and partition = @Partition and next_offset = @NextOffset and diverged_offset is not null
