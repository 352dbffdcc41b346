insert into consumer_offsets (log_id, partition, start_offset, next_offset)
values (@LogId, @Partition, @Earliest, @Earliest)
on conflict (log_id, partition) do nothing
