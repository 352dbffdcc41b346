select
  a.log_id, a.partition, a.next_offset as "start", a.next_offset as "end",
  coalesce(a.series_offset, c.start_offset) as series_start
from aggregation_offsets a
join consumer_offsets c on c.log_id = a.log_id and c.partition = a.partition
where a.log_id = @LogId and a.partition = @Partition
