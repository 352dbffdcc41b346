select "offset", event_id
from clickstream_data
where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" < @End and event_id is not null
order by "offset"
