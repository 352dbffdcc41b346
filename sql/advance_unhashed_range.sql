update unhashed_clicks
set start_offset = @Next
where log_id = @LogId and partition = @Partition and start_offset < @Next
