-- Clicks know the day of their commit, visitors are kept as hashes, and messages may carry an id.

-- One row, drawn once: the key of the visitors' hashes (SipHash-2-4 of the user id in UTF-8).
create table visitor_key (
  one   integer primary key check (one = 1),
  "key" blob not null check (length("key") = 16)
);

insert into visitor_key (one, "key") values (1, randomblob(16));

-- Raised by whatever inserts clicks beside the consumer, whose commits compare it.
alter table consumer_offsets add column revision integer not null default 0;
alter table consumer_offsets add column duplicates integer not null default 0; -- rows of the partition in duplicate_clicks

-- Messages that repeat the event id of a click; they are no clicks.
create table duplicate_clicks (
  log_id          integer not null,
  partition       integer not null,
  "offset"        integer not null,
  original_offset integer not null, -- the click whose id it is
  primary key (log_id, partition, "offset")
) without rowid;

alter table clickstream_data add column event_id text;   -- UUID; null: the message had none
alter table clickstream_data add column visitor integer; -- keyed hash of user_id; null: not hashed yet
alter table clickstream_data add column stored_on text;  -- day of the commit, UTC; null: not hashed yet

-- What an earlier version stored is hashed while the pipeline runs: the visitors of the pages before the next fold, the clicks
-- some at a time, as if they were stored on that day.
alter table click_visitors rename to click_visitor_ids;

create table click_visitors (
  page_id integer not null,
  visitor integer not null, -- as in clickstream_data
  primary key (page_id, visitor)
) without rowid;

-- Offsets whose clicks an earlier version stored, and whose visitors are not hashed yet.
create table unhashed_clicks (
  log_id       integer not null,
  partition    integer not null,
  start_offset integer not null,
  end_offset   integer not null, -- exclusive
  primary key (log_id, partition)
) without rowid;

insert into unhashed_clicks (log_id, partition, start_offset, end_offset)
select log_id, partition, start_offset, next_offset
from consumer_offsets
where next_offset > start_offset;
