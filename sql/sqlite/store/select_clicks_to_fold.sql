select "offset", url, country, user_id, "timestamp"
from clickstream_data
where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" < @End
order by "offset"
limit @Limit
