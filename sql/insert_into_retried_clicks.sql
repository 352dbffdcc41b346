insert into retried_clicks (log_id, partition, "offset")
values (@LogId, @Partition, @Offset)
