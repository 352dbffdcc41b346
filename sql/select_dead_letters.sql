select log_id, partition, "offset", "key", payload, reason, error, at
from dead_letters
where discarded_at is null
  and (log_id, partition, "offset") > (@AfterLogId, @AfterPartition, @AfterOffset)
  and (cast(@Reason as text) is null or reason = cast(@Reason as text))
  and (cast(@Partition as integer) is null or partition = cast(@Partition as integer))
order by log_id, partition, "offset"
limit @Limit
