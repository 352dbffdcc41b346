-- A cross join keeps its order: a look-up for each offset.
select c."offset", c.event_id
from json_each(@Offsets) o
cross join clickstream_data c
where c.log_id = @LogId and c.partition = @Partition and c."offset" = cast(o.value as integer) and c.event_id is not null
