-- What makes this file a log of its own; one row.
create table if not exists log_identity (
  only_row integer primary key check (only_row = 1),
  topic text not null,
  topic_id text not null,       -- UUID, drawn when the file was made
  created_at integer not null   -- Unix milliseconds
) strict
