update consumer_offsets
set diverged_offset = coalesce(diverged_offset, @DivergedOffset), diverged_at = coalesce(diverged_at, @At)
where log_id = @LogId and partition = @Partition and next_offset = @NextOffset
