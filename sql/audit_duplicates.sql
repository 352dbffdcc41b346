select d."offset", d.original_offset, c.event_id, r."offset" as retried_offset
from duplicate_clicks d
left join clickstream_data c on c.log_id = d.log_id and c.partition = d.partition and c."offset" = d.original_offset
left join dead_letter_retries r on r.log_id = d.log_id and r.partition = d.partition and r."offset" = d."offset"
where d.log_id = @LogId and d.partition = @Partition and d."offset" >= @Start and d."offset" < @End
order by d."offset"
