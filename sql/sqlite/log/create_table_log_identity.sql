-- The identity of the log in this file; one row.
create table if not exists log_identity (
  only_row integer primary key check (only_row = 1),
  topic text not null,
  topic_id text not null,       -- UUID, generated when the file was created
  created_at integer not null   -- Unix milliseconds
) strict
