delete from dead_letters
where log_id = @LogId and partition = @Partition and "offset" = @Offset and discarded_at is null
