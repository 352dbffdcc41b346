-- A digest goes on where the one before of that day ended. SQLite has no operator for the exclusive or: (a | b) - (a & b).
insert into click_digests (log_id, partition, day, first_offset, next_offset, clicks, digest)
values (
  @LogId, @Partition, @StoredOn,
  coalesce((
    select last.first_offset
    from click_digests last
    where last.log_id = @LogId and last.partition = @Partition and last.day = @StoredOn and last.next_offset = @ExpectedOffset
  ), @ExpectedOffset),
  @NextOffset, @Clicks, @Digest
)
on conflict (log_id, partition, day, first_offset) do update
set
  next_offset = excluded.next_offset, clicks = click_digests.clicks + excluded.clicks,
  digest = (click_digests.digest | excluded.digest) - (click_digests.digest & excluded.digest)
