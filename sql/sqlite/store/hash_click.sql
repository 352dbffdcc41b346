update clickstream_data
set visitor = @Visitor, stored_on = coalesce(stored_on, current_date)
where log_id = @LogId and partition = @Partition and "offset" = @Offset and visitor is null
