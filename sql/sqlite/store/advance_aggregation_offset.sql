update aggregation_offsets
set next_offset = @End, folded = folded + @Clicks
where log_id = @LogId and partition = @Partition and next_offset = @Start
