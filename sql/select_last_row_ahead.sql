-- One statement, hence one snapshot: a commit moves the offset and adds the rows in one transaction.
select
  c.next_offset,
  (
    select d."offset"
    from clickstream_data d
    where d.log_id = c.log_id and d.partition = c.partition and d."offset" >= c.next_offset
    order by d."offset" desc
    limit 1
  ) as click,
  (
    select d."offset"
    from dead_letters d
    where d.log_id = c.log_id and d.partition = c.partition and d."offset" >= c.next_offset
    order by d."offset" desc
    limit 1
  ) as dead_letter,
  (
    select d."offset"
    from duplicate_clicks d
    where d.log_id = c.log_id and d.partition = c.partition and d."offset" >= c.next_offset
    order by d."offset" desc
    limit 1
  ) as duplicate
from consumer_offsets c
where c.log_id = @LogId and c.partition = @Partition
