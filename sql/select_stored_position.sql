-- The log id is the partition's own where it was adopted.
select
  log_id, start_offset, next_offset, last_record_offset as record_offset, last_record_epoch as record_epoch,
  last_record_hash as record_hash, diverged_offset, revision
from consumer_offsets
where partition = @Partition
  and log_id = coalesce(
    (select max(adopted_log_id) from adopted_partitions where log_id = @LogId and partition = @Partition), @LogId)
