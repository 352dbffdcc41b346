-- The last record that was read: whether the log still holds it tells whether the log went back.
alter table consumer_offsets add column last_record_offset integer;
alter table consumer_offsets add column last_record_hash integer;  -- XxHash64 of its key and value
alter table consumer_offsets add column last_record_epoch integer; -- leader epoch; null: the log has none

-- Set: the log went back, and is another from here on at the latest. The partition is stopped until an operator decides.
alter table consumer_offsets add column diverged_offset integer;
alter table consumer_offsets add column diverged_at text;

-- Offsets at which the log holds other records than those that were read, as an operator accepted.
create table diverged_ranges (
  log_id       integer not null,
  partition    integer not null,
  start_offset integer not null,
  end_offset   integer not null, -- exclusive
  at           text not null,
  primary key (log_id, partition, start_offset, end_offset)
) without rowid;

-- Partitions whose log went back and that are read under another number since.
create table adopted_partitions (
  log_id          integer not null, -- the number that the topic is registered under
  partition       integer not null,
  replaced_log_id integer not null, -- the number until then: the topic's, or an adopted one
  adopted_log_id  integer not null, -- the number since; of several of a partition the greatest is in use
  start_offset    integer not null, -- from here on the log is another: the first offset read under the new number
  at              text not null,
  primary key (log_id, partition, adopted_log_id),
  unique (replaced_log_id, partition)
) without rowid;
