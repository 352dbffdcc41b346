-- Filled from clickstream_data while the pipeline runs, a chunk with each fold.
alter table aggregation_offsets add column series_offset bigint;

comment on column aggregation_offsets.series_offset is
  'Everything below is in the series, but for retried_clicks; below next_offset while they are being filled; null: nothing is';

-- The rows of the current hour are rewritten by every fold: room on the page keeps the updates on it.
create table click_series (
  page_id  bigint not null,
  hour     timestamptz not null,
  clicks   bigint not null,
  visitors bigint,
  primary key (page_id, hour)
) with (fillfactor = 50);

comment on table click_series is 'Folded clicks by the hour of their event time';
comment on column click_series.page_id is 'Of click_rollups; 0: the whole site';
comment on column click_series.hour is 'Its beginning, a whole hour of UTC';
comment on column click_series.visitors is 'Different visitors of the whole site; null for a page';

-- Rows are added hour by hour, so that few blocks hold the hours of a range.
create index click_series_hour on click_series using brin (hour) with (pages_per_range = 16, autosummarize = on);

create table site_visitors (
  visitor bigint not null,
  day     date not null,
  hours   integer not null,
  primary key (day, visitor)
) with (fillfactor = 80);

comment on table site_visitors is 'Who visited the site on a day of UTC';
comment on column site_visitors.visitor is 'As in clickstream_data';
comment on column site_visitors.hours is 'Bit n: between n and n + 1 o''clock';

create table site_days (
  visitors bigint not null,
  day      date primary key
) with (fillfactor = 50);

comment on column site_days.visitors is 'Rows of the day in site_visitors';
