update consumer_offsets
set next_offset = @NextOffset, stored = stored + @Clicks, open_dead_letters = open_dead_letters + @DeadLetters
where log_id = @LogId and partition = @Partition and next_offset = @ExpectedOffset
