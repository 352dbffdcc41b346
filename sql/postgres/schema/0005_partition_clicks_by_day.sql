-- Clicks lie in table partitions by day, visitors are kept as hashes, and messages may carry an id. The table in use becomes the
-- first table partition, with all clicks up to today: it is attached, not copied; only its primary key is built anew.

create table visitor_key (
  one   smallint primary key check (one = 1),
  "key" bytea not null check (length("key") = 16)
);

comment on table visitor_key is 'One row, drawn once: the key of the visitors'' hashes';
comment on column visitor_key."key" is 'Of SipHash-2-4; the hash is of the user id in UTF-8';

insert into visitor_key (one, "key")
values (1, substr(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 1, 16));

alter table consumer_offsets
  add column revision bigint not null default 0,
  add column duplicates bigint not null default 0;

comment on column consumer_offsets.revision is
  'Raised by whatever inserts clicks beside the consumer, whose commits compare it';
comment on column consumer_offsets.duplicates is 'Rows of the partition in duplicate_clicks';

create table duplicate_clicks (
  "offset"        bigint not null,
  original_offset bigint not null,
  partition       integer not null,
  log_id          smallint not null,
  primary key (log_id, partition, "offset")
);

comment on table duplicate_clicks is 'Messages that repeat the event id of a click; they are no clicks';
comment on column duplicate_clicks.original_offset is 'The click whose id it is';

alter table clickstream_data rename to clickstream_data_first;
alter table clickstream_data_first drop constraint clickstream_data_pkey;
alter table clickstream_data_first
  add column visitor bigint,
  add column stored_on date not null default (now() at time zone 'utc')::date,
  add column event_id uuid;

-- The columns stand in the order that needs no padding.
create table clickstream_data (
  "offset"    bigint not null,
  "timestamp" timestamptz not null,
  visitor     bigint,
  partition   integer not null,
  stored_on   date not null default (now() at time zone 'utc')::date,
  log_id      smallint not null,
  event_id    uuid,
  user_id     text collate "C" not null,
  url         text collate "C" not null,
  country     text collate "C" not null,
  city        text collate "C" not null,
  browser     text collate "C" not null,
  os          text collate "C" not null,
  device      text collate "C" not null,
  primary key (log_id, partition, "offset", stored_on)
) partition by range (stored_on);

comment on column clickstream_data."timestamp" is 'Event time';
comment on column clickstream_data.visitor is 'Keyed hash of user_id; null: stored by an earlier version, and not hashed yet';
comment on column clickstream_data.stored_on is 'Day of the commit, UTC, by the clock of this server';
comment on column clickstream_data.event_id is 'Null: the message had none';

do $$
declare
  tomorrow date := (now() at time zone 'utc')::date + 1;
begin
  if exists (select from clickstream_data_first) then
    execute format(
      'alter table clickstream_data attach partition clickstream_data_first for values from (minvalue) to (%L)', tomorrow);
  else
    drop table clickstream_data_first;
  end if;
end
$$;

-- No default partition: attaching another one would have to lock it against everybody who reads clicks. Attaching without one
-- locks nobody out.
create function create_click_days(ahead integer) returns integer language plpgsql as $$
declare
  today date := (now() at time zone 'utc')::date;
  day   date;
  name  text;
  made  integer := 0;
begin
  for day in select today + number from generate_series(0, ahead) as number loop
    name := 'clickstream_data_' || to_char(day, 'YYYYMMDD');
    if to_regclass(name) is null then
      begin
        execute format('create table %I (like clickstream_data including all)', name);
        execute format('alter table clickstream_data attach partition %I for values from (%L) to (%L)', name, day, day + 1);
        made := made + 1;
      exception when invalid_object_definition then
        -- The day is part of clickstream_data_first.
      end;
    end if;
  end loop;
  return made;
end
$$;

comment on function create_click_days is 'Makes the table partitions of today and of the days ahead that are missing';

-- What an earlier version stored is hashed while the pipeline runs: the visitors of the pages before the next fold, the clicks
-- some at a time.
alter table click_visitors rename to click_visitor_ids;
alter index click_visitors_pkey rename to click_visitor_ids_pkey;

comment on table click_visitor_ids is 'Visitors of an earlier version, on their way into click_visitors';

create table click_visitors (
  page_id bigint not null,
  visitor bigint not null,
  primary key (page_id, visitor)
);

comment on column click_visitors.visitor is 'As in clickstream_data';

create table unhashed_clicks (
  start_offset bigint not null,
  end_offset   bigint not null,
  partition    integer not null,
  log_id       smallint not null,
  primary key (log_id, partition)
);

comment on table unhashed_clicks is 'Offsets whose clicks an earlier version stored, and whose visitors are not hashed yet';
comment on column unhashed_clicks.end_offset is 'Exclusive';

insert into unhashed_clicks (log_id, partition, start_offset, end_offset)
select log_id, partition, start_offset, next_offset
from consumer_offsets
where next_offset > start_offset;
