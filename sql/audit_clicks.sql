select "offset", user_id, "timestamp", url, country, city, browser, os, device
from clickstream_data
where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" < @End
order by "offset"
