-- Timestamps are text, 'yyyy-MM-ddTHH:mm:ss.ffffffZ': always UTC, always 27 characters, so that text order is time order.

create table click_logs (
  log_id   integer primary key, -- the number under which rows name the log
  topic    text not null,
  topic_id text not null unique -- UUID drawn when the topic was made; a topic made again is another log
);

create table consumer_offsets (
  log_id            integer not null,
  partition         integer not null,
  start_offset      integer not null,           -- where the partition was first read from
  next_offset       integer not null,           -- everything below is stored; moved by compare-and-set only
  stored            integer not null default 0, -- clicks of the partition in clickstream_data
  open_dead_letters integer not null default 0, -- dead letters neither retried nor discarded
  primary key (log_id, partition)
) without rowid;

create table clickstream_data (
  log_id      integer not null,
  partition   integer not null,
  "offset"    integer not null,
  user_id     text not null,
  "timestamp" text not null, -- event time
  url         text not null,
  country     text not null,
  city        text not null,
  browser     text not null,
  os          text not null,
  device      text not null,
  primary key (log_id, partition, "offset")
) without rowid;

create table dead_letters (
  log_id       integer not null,
  partition    integer not null,
  "offset"     integer not null,
  "key"        blob,          -- null: the message had none, or the dead letter was discarded
  payload      blob,          -- null: a tombstone, or discarded
  reason       text not null, -- one of the names of DeadLetterReasons
  error        text not null,
  at           text not null, -- when it was stored
  discarded_at text,          -- null: open
  primary key (log_id, partition, "offset")
);

create index dead_letters_open on dead_letters (log_id, partition, "offset") where discarded_at is null;

-- Offsets that the log lost before they were read and that an operator gave up.
create table lost_ranges (
  log_id       integer not null,
  partition    integer not null,
  start_offset integer not null,
  end_offset   integer not null, -- exclusive
  at           text not null,
  primary key (log_id, partition, start_offset)
) without rowid;

-- Clicks stored in a dead letter's place and not folded yet, wherever the aggregation stands.
create table retried_clicks (
  log_id    integer not null,
  partition integer not null,
  "offset"  integer not null,
  primary key (log_id, partition, "offset")
) without rowid;

-- Clicks that stand in the place of a dead letter that was retried: what the log holds there need not be the click.
create table dead_letter_retries (
  log_id    integer not null,
  partition integer not null,
  "offset"  integer not null,
  primary key (log_id, partition, "offset")
) without rowid;

create table aggregation_offsets (
  log_id      integer not null,
  partition   integer not null,
  next_offset integer not null,           -- everything below is folded, but for retried_clicks
  folded      integer not null default 0, -- clicks of the partition in the rollups
  primary key (log_id, partition)
) without rowid;

-- One row.
create table aggregation_state (
  one            integer primary key check (one = 1),
  rollups        integer not null default 0, -- rows of click_rollups
  index_identity text                        -- the index that the marks in click_rollups are about
);

insert into aggregation_state (one) values (1);

create table click_rollups (
  page_id                integer primary key,
  url                    text not null,
  country                text not null,
  clicks                 integer not null,
  unique_users           integer not null,
  first_click            text not null,
  last_click             text not null,
  updated_at             text not null,
  version                integer not null,           -- grows by one with every change
  indexed_version        integer not null default 0, -- the last version that the index acknowledged
  index_rejected_version integer not null default 0, -- the last version that the index refused
  index_error            text,                       -- why
  unique (url, country)
);

create index click_rollups_unindexed on click_rollups (page_id)
  where version <> indexed_version and version <> index_rejected_version;

create index click_rollups_rejected on click_rollups (updated_at) where index_rejected_version = version;

create table click_visitors (
  page_id integer not null,
  user_id text not null,
  primary key (page_id, user_id)
) without rowid;

create table desired_state (
  name  text primary key,
  value text not null -- JSON
);
