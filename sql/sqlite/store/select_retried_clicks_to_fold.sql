select r.log_id, r.partition, r."offset", c.url, c.country, c.user_id, c.visitor, c."timestamp"
from retried_clicks r
join aggregation_offsets a on a.log_id = r.log_id and a.partition = r.partition
join clickstream_data c on c.log_id = r.log_id and c.partition = r.partition and c."offset" = r."offset"
where r."offset" < a.next_offset
order by r.log_id, r.partition, r."offset"
limit @Limit
