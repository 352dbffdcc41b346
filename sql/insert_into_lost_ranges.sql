insert into lost_ranges (log_id, partition, start_offset, end_offset, at)
values (@LogId, @Partition, @Start, @End, @At)
