select log_id, partition, "offset", user_id
from clickstream_data
where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" < @End and visitor is null
order by "offset"
limit @Limit
