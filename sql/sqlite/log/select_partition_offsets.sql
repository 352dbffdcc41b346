select start_offset, next_offset from log_partitions where partition = @partition
