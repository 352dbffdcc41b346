delete from unhashed_clicks
where log_id = @LogId and partition = @Partition
