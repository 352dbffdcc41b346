-- One statement, one round trip, one transaction: clicks and dead letters are stored only if the fence (next_offset) advanced.
-- unnest is in the select list because there it streams the elements; in the from clause PostgreSQL first copies each column
-- into a tuplestore.
with fence as (
  update consumer_offsets
  set
    next_offset = @NextOffset, stored = stored + @Clicks, open_dead_letters = open_dead_letters + @DeadLetters,
    traceparent = coalesce(@Traceparent, traceparent),
    traced_offset = case when @Traceparent is null then traced_offset else @NextOffset end,
    last_record_offset = coalesce(@RecordOffset, last_record_offset),
    last_record_epoch = case when @RecordOffset is null then last_record_epoch else @RecordEpoch end,
    last_record_hash = coalesce(@RecordHash, last_record_hash)
  where log_id = @LogId and partition = @Partition and next_offset = @ExpectedOffset and diverged_offset is null
  returning (now() at time zone 'utc')::date as stored_on
),
clicks as (
  insert into clickstream_data
    ("offset", "timestamp", visitor, partition, stored_on, log_id, user_id, url, country, city, browser, os, device)
  select
    unnest(@Offsets), unnest(@Timestamps), unnest(@Visitors), @Partition, stored_on, @LogId, unnest(@UserIds), unnest(@Urls),
    unnest(@Countries), unnest(@Cities), unnest(@Browsers), unnest(@OperatingSystems), unnest(@Devices)
  from fence
),
letters as (
  insert into dead_letters ("offset", at, partition, log_id, reason, error, "key", payload)
  select
    unnest(@LetterOffsets), @At, @Partition, @LogId, unnest(@Reasons), unnest(@Errors), unnest(@Keys), unnest(@Payloads)
  from fence
)
select count(*)
from fence
