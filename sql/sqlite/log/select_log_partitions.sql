select partition, next_offset from log_partitions order by partition
