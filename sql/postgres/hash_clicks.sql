update clickstream_data c
set visitor = h.visitor
from (
  select unnest(@LogIds) as log_id, unnest(@Partitions) as partition, unnest(@Offsets) as "offset", unnest(@Visitors) as visitor
) h
where c.log_id = h.log_id and c.partition = h.partition and c."offset" = h."offset" and c.visitor is null
