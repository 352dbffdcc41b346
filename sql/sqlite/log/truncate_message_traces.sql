delete from message_traces
where partition = @partition
  and last_offset < (select start_offset from log_partitions where partition = @partition)
