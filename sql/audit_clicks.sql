select c."offset", user_id, "timestamp", url, country, city, browser, os, device, event_id, r."offset" as retried_offset
from clickstream_data c
left join dead_letter_retries r on r.log_id = c.log_id and r.partition = c.partition and r."offset" = c."offset"
where c.log_id = @LogId and c.partition = @Partition and c."offset" >= @Start and c."offset" < @End
order by c."offset"
