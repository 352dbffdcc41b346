select log_id, partition, "offset", "key", payload, reason, error, at
from dead_letters
where log_id = @LogId and partition = @Partition and "offset" = @Offset and discarded_at is null
