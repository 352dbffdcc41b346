-- The offsets of each partition: [start_offset, next_offset), without gaps.
create table if not exists log_partitions (
  partition integer primary key,
  start_offset integer not null default 0,
  next_offset integer not null default 0
) strict
