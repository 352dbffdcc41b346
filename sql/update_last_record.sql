update consumer_offsets
set last_record_offset = @RecordOffset, last_record_epoch = @RecordEpoch, last_record_hash = @RecordHash
where log_id = @LogId and partition = @Partition
