select min("offset")
from clickstream_data
where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" <= @End and event_id = @EventId
