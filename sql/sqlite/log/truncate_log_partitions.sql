update log_partitions
set start_offset = max(start_offset, min(@before, next_offset))
where partition = @partition
