-- The numbers that a partition of a log was read under, the latest first.
select log_id, start_offset, next_offset
from consumer_offsets
where partition = @Partition
  and (
    log_id = @LogId
    or log_id in (select adopted_log_id from adopted_partitions where log_id = @LogId and partition = @Partition)
  )
order by log_id desc
