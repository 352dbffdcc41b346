-- A digest of the clicks of each Kafka partition and day, kept with their commits: clicks that were altered or removed since are
-- seen without the log.
create table click_digests (
  log_id       integer not null,
  partition    integer not null,
  day          text not null,    -- of the commits, UTC, as stored_on
  first_offset integer not null,
  next_offset  integer not null, -- exclusive; a commit at this offset goes on with this digest, any other begins another
  clicks       integer not null, -- stored by these commits
  digest       integer not null, -- exclusive or of the clicks' hashes
  primary key (log_id, partition, day, first_offset)
) without rowid;
