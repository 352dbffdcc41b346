update consumer_offsets
set stored = stored + @Clicks, open_dead_letters = open_dead_letters - 1, duplicates = duplicates + @Duplicates
where log_id = @LogId and partition = @Partition
