insert into diverged_ranges (log_id, partition, start_offset, end_offset, at)
values (@LogId, @Partition, @Start, @End, @At)
on conflict (log_id, partition, start_offset, end_offset) do nothing
