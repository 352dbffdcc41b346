select
  c.log_id, c.partition, coalesce(a.next_offset, c.start_offset) as "start", c.next_offset as "end",
  coalesce(a.series_offset, c.start_offset) as series_start
from consumer_offsets c
left join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
where c.next_offset > coalesce(a.next_offset, c.start_offset)
   or a.next_offset > coalesce(a.series_offset, c.start_offset)
order by c.log_id, c.partition
