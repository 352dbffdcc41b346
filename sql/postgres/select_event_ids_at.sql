-- The bounds keep it from reading more than the window, whatever join the planner chooses.
select c."offset", c.event_id
from unnest(@Offsets) as o ("offset")
join clickstream_data c on c.log_id = @LogId and c.partition = @Partition and c."offset" = o."offset"
where c."offset" >= @First and c."offset" <= @Last and c.event_id is not null
