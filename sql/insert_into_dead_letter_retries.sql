insert into dead_letter_retries (log_id, partition, "offset")
values (@LogId, @Partition, @Offset)
