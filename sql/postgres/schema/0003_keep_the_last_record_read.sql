alter table consumer_offsets
  add column last_record_offset bigint,
  add column last_record_hash bigint,
  add column diverged_offset bigint,
  add column diverged_at timestamptz,
  add column last_record_epoch integer;

comment on column consumer_offsets.last_record_offset is
  'The last record that was read: a log that holds another there went back and was filled again';
comment on column consumer_offsets.last_record_hash is 'XxHash64 of its key and value';
comment on column consumer_offsets.last_record_epoch is 'Leader epoch; null: the log has none';
comment on column consumer_offsets.diverged_offset is
  'Set: the log went back, and is another from here on at the latest. Stopped until an operator decides';
comment on column consumer_offsets.diverged_at is 'When that was found';

create table diverged_ranges (
  start_offset bigint not null,
  end_offset   bigint not null,
  at           timestamptz not null,
  partition    integer not null,
  log_id       smallint not null,
  primary key (log_id, partition, start_offset, end_offset)
);

comment on table diverged_ranges is
  'Offsets at which the log holds other records than those that were read, as an operator accepted';
comment on column diverged_ranges.end_offset is 'Exclusive';

create table adopted_partitions (
  start_offset    bigint not null,
  at              timestamptz not null,
  partition       integer not null,
  log_id          smallint not null,
  replaced_log_id smallint not null,
  adopted_log_id  smallint not null,
  primary key (log_id, partition, adopted_log_id),
  unique (replaced_log_id, partition)
);

comment on table adopted_partitions is 'Partitions whose log went back and that are read under another number since';
comment on column adopted_partitions.start_offset is
  'From here on the log is another: the first offset read under the new number';
comment on column adopted_partitions.log_id is 'The number that the topic is registered under';
comment on column adopted_partitions.replaced_log_id is 'The number until then: the topic''s, or an adopted one';
comment on column adopted_partitions.adopted_log_id is
  'The number since; of several of a partition the greatest is in use';
