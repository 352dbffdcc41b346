delete from messages
where partition = @partition and "offset" < (select start_offset from log_partitions where partition = @partition)
