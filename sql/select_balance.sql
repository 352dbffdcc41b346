-- One statement, hence one snapshot: a commit changes all of these counters in one transaction.
select
  (select cast(coalesce(sum(next_offset - start_offset), 0) as bigint) from consumer_offsets) as handled,
  (select cast(coalesce(sum(stored), 0) as bigint) from consumer_offsets) as stored,
  (select cast(coalesce(sum(open_dead_letters), 0) as bigint) from consumer_offsets) as dead_letters,
  (select cast(coalesce(sum(duplicates), 0) as bigint) from consumer_offsets) as duplicates,
  (select count(*) from dead_letters where discarded_at is not null) as discarded,
  (select cast(coalesce(sum(end_offset - start_offset), 0) as bigint) from lost_ranges) as lost
