update consumer_offsets
set
  next_offset = @NextOffset, stored = stored + @Clicks, open_dead_letters = open_dead_letters + @DeadLetters,
  duplicates = duplicates + @Duplicates,
  traceparent = coalesce(@Traceparent, traceparent),
  traced_offset = case when @Traceparent is null then traced_offset else @NextOffset end,
  last_record_offset = coalesce(@RecordOffset, last_record_offset),
  last_record_epoch = case when @RecordOffset is null then last_record_epoch else @RecordEpoch end,
  last_record_hash = coalesce(@RecordHash, last_record_hash)
where log_id = @LogId and partition = @Partition and next_offset = @ExpectedOffset
  and revision = coalesce(cast(@ExpectedRevision as bigint), revision) and diverged_offset is null
