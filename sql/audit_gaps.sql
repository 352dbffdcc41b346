-- Clicks are scanned first, in primary key order; only the few ranges they do not cover are compared with the other tables.
-- The clicks CTE is referenced once only: PostgreSQL materializes a CTE that is referenced twice, here with millions of rows.
with clicks as (
  select "offset", lag("offset", 1, @Start - 1) over (order by "offset") + 1 as expected
  from clickstream_data
  where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" < @Next
),
holes as (
  select expected as first_offset, "offset" as end_offset
  from clicks
  where "offset" > expected
  union all
  select coalesce(max("offset") + 1, @Start), @Next
  from clickstream_data
  where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" < @Next
),
runs as (
  select end_offset as first_offset, lead(first_offset, 1, @Next) over (order by first_offset) as end_offset
  from holes
  union all
  select @Start, min(first_offset)
  from holes
),
covered_ranges as (
  select first_offset, end_offset from runs
  union all
  select "offset", "offset" + 1
  from dead_letters
  where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" < @Next
  union all
  select "offset", "offset" + 1
  from duplicate_clicks
  where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" < @Next
  union all
  select start_offset, end_offset
  from lost_ranges
  where log_id = @LogId and partition = @Partition and end_offset > @Start and start_offset < @Next
  union all
  select @Next, @Next
),
ordered as (
  select
    first_offset,
    coalesce(
      max(end_offset) over (order by first_offset, end_offset rows between unbounded preceding and 1 preceding),
      @Start) as covered
  from covered_ranges
)
select covered as "start", first_offset as "end"
from ordered
where first_offset > covered
order by covered
limit @Limit
