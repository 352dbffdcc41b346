delete from retried_clicks
where log_id = @LogId and partition = @Partition and "offset" = @Offset
