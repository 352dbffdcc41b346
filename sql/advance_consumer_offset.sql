update consumer_offsets
set
  next_offset = @NextOffset, stored = stored + @Clicks, open_dead_letters = open_dead_letters + @DeadLetters,
  traceparent = coalesce(@Traceparent, traceparent),
  traced_offset = case when @Traceparent is null then traced_offset else @NextOffset end
where log_id = @LogId and partition = @Partition and next_offset = @ExpectedOffset
