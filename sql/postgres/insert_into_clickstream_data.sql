-- One statement, one round trip, one transaction: clicks, dead letters and duplicates are stored only if the fence (next_offset,
-- revision) was as expected and advanced.
-- unnest is in the select list because there it streams the elements; in the from clause PostgreSQL first copies each column
-- into a tuplestore. An array that is shorter is filled up with null: without any event id there is none to send.
with fence as (
  update consumer_offsets
  set
    next_offset = @NextOffset, stored = stored + @Clicks, open_dead_letters = open_dead_letters + @DeadLetters,
    duplicates = duplicates + @Duplicates,
    traceparent = coalesce(@Traceparent, traceparent),
    traced_offset = case when @Traceparent is null then traced_offset else @NextOffset end,
    last_record_offset = coalesce(@RecordOffset, last_record_offset),
    last_record_epoch = case when @RecordOffset is null then last_record_epoch else @RecordEpoch end,
    last_record_hash = coalesce(@RecordHash, last_record_hash)
  where log_id = @LogId and partition = @Partition and next_offset = @ExpectedOffset
    and revision = coalesce(@ExpectedRevision, revision) and diverged_offset is null
  returning (now() at time zone 'utc')::date as stored_on
),
clicks as (
  insert into clickstream_data
    ("offset", "timestamp", visitor, partition, stored_on, log_id, event_id, user_id, url, country, city, browser, os, device)
  select
    unnest(@Offsets), unnest(@Timestamps), unnest(@Visitors), @Partition, stored_on, @LogId, unnest(@EventIds), unnest(@UserIds),
    unnest(@Urls), unnest(@Countries), unnest(@Cities), unnest(@Browsers), unnest(@OperatingSystems), unnest(@Devices)
  from fence
),
letters as (
  insert into dead_letters ("offset", at, partition, log_id, reason, error, "key", payload)
  select
    unnest(@LetterOffsets), @At, @Partition, @LogId, unnest(@Reasons), unnest(@Errors), unnest(@Keys), unnest(@Payloads)
  from fence
),
repeats as (
  insert into duplicate_clicks ("offset", original_offset, partition, log_id)
  select unnest(@DuplicateOffsets), unnest(@OriginalOffsets), @Partition, @LogId
  from fence
),
digest as (
  insert into click_digests as kept (first_offset, next_offset, clicks, digest, day, partition, log_id)
  select
    coalesce((
      select last.first_offset
      from click_digests last
      where last.log_id = @LogId and last.partition = @Partition and last.day = fence.stored_on
        and last.next_offset = @ExpectedOffset
    ), @ExpectedOffset),
    @NextOffset, @Clicks, @Digest, fence.stored_on, @Partition, @LogId
  from fence
  on conflict (log_id, partition, day, first_offset) do update
  set
    next_offset = excluded.next_offset, clicks = kept.clicks + excluded.clicks, digest = kept.digest # excluded.digest
)
select count(*)
from fence
