select "offset"
from (
  select "offset"
  from clickstream_data
  where log_id = @LogId and partition = @Partition and "offset" < @Start
  union
  select "offset"
  from clickstream_data
  where log_id = @LogId and partition = @Partition and "offset" >= @Next
  union
  select "offset"
  from dead_letters
  where log_id = @LogId and partition = @Partition and ("offset" < @Start or "offset" >= @Next)
  union
  select "offset"
  from duplicate_clicks
  where log_id = @LogId and partition = @Partition and ("offset" < @Start or "offset" >= @Next)
  union
  select d."offset"
  from duplicate_clicks d
  join clickstream_data c on c.log_id = d.log_id and c.partition = d.partition and c."offset" = d."offset"
  where d.log_id = @LogId and d.partition = @Partition
  union
  select d."offset"
  from duplicate_clicks d
  join dead_letters l on l.log_id = d.log_id and l.partition = d.partition and l."offset" = d."offset"
  where d.log_id = @LogId and d.partition = @Partition
  union
  select d."offset"
  from dead_letters d
  join clickstream_data c on c.log_id = d.log_id and c.partition = d.partition and c."offset" = d."offset"
  where d.log_id = @LogId and d.partition = @Partition
) unexpected
order by "offset"
limit @Limit
