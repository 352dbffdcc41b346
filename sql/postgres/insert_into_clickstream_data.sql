-- One statement, one round trip, one transaction: clicks and dead letters are stored if the fence moved, else nothing is.
with fence as (
  update consumer_offsets
  set next_offset = @NextOffset, stored = stored + @Clicks, open_dead_letters = open_dead_letters + @DeadLetters
  where log_id = @LogId and partition = @Partition and next_offset = @ExpectedOffset
  returning 1
),
clicks as (
  insert into clickstream_data
    ("offset", "timestamp", partition, log_id, user_id, url, country, city, browser, os, device)
  select c."offset", c."timestamp", @Partition, @LogId, c.user_id, c.url, c.country, c.city, c.browser, c.os, c.device
  from unnest(@Offsets, @Timestamps, @UserIds, @Urls, @Countries, @Cities, @Browsers, @OperatingSystems, @Devices)
    as c ("offset", "timestamp", user_id, url, country, city, browser, os, device)
  where exists (select from fence)
),
letters as (
  insert into dead_letters ("offset", at, partition, log_id, reason, error, "key", payload)
  select l."offset", @At, @Partition, @LogId, l.reason, l.error, l."key", l.payload
  from unnest(@LetterOffsets, @Reasons, @Errors, @Keys, @Payloads) as l ("offset", reason, error, "key", payload)
  where exists (select from fence)
)
select count(*)
from fence
