update dead_letters
set discarded_at = @At, "key" = null, payload = null
where log_id = @LogId and partition = @Partition and "offset" = @Offset and discarded_at is null
