insert into duplicate_clicks (log_id, partition, "offset", original_offset)
values (@LogId, @Partition, @Offset, @OriginalOffset)
