select "offset", url, country, "timestamp", visitor, case when visitor is null then user_id end
from clickstream_data
where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" < @End
order by "offset"
limit @Limit
