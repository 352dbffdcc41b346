update log_partitions set next_offset = @next_offset where partition = @partition
