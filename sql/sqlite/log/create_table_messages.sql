-- Without rowid: the table is its primary key's B-tree, so that a partition is one contiguous range scan.
create table if not exists messages (
  partition integer not null,
  "offset" integer not null,
  appended_at integer not null, -- Unix milliseconds
  key blob,                     -- null: the message has no key
  value blob,                   -- null: a tombstone
  primary key (partition, "offset")
) strict, without rowid
