select log_id, partition, "offset", user_id, "timestamp", url, country, city, browser, os, device
from clickstream_data
where url = @Url and country = @Country
order by "timestamp" desc, log_id, partition, "offset"
limit @Limit
