-- A digest of the clicks of each Kafka partition and day, kept with their commits: clicks that were altered or removed since are
-- seen without the log.
create table click_digests (
  first_offset bigint not null,
  next_offset  bigint not null,
  clicks       bigint not null,
  digest       bigint not null,
  day          date not null,
  partition    integer not null,
  log_id       smallint not null,
  primary key (log_id, partition, day, first_offset)
) with (fillfactor = 50);

comment on table click_digests is 'Digests of the clicks of each Kafka partition and day, kept with their commits';
comment on column click_digests.day is 'Of the commits, UTC, as stored_on';
comment on column click_digests.next_offset is
  'Exclusive; a commit at this offset goes on with this digest, any other begins another';
comment on column click_digests.clicks is 'Stored by these commits';
comment on column click_digests.digest is 'Exclusive or of the clicks'' hashes';
