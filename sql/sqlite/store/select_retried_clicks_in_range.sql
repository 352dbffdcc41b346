select log_id, partition, "offset"
from retried_clicks
where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" < @End
