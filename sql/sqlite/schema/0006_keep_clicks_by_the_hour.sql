-- Everything below is in the series, but for retried_clicks; below next_offset while they are being filled, which a fold does a
-- chunk at a time; null: nothing is.
alter table aggregation_offsets add column series_offset integer;

-- Folded clicks by the hour of their event time. By hour first: a fold rewrites neighbouring rows.
create table click_series (
  hour     text not null,    -- its beginning, a whole hour of UTC
  page_id  integer not null, -- of click_rollups; 0: the whole site
  clicks   integer not null,
  visitors integer,          -- different visitors of the whole site; null for a page
  primary key (hour, page_id)
) without rowid;

-- Who visited the site on a day of UTC.
create table site_visitors (
  day     text not null,
  visitor integer not null, -- as in clickstream_data
  hours   integer not null, -- bit n: between n and n + 1 o'clock
  primary key (day, visitor)
) without rowid;

create table site_days (
  day      text primary key,
  visitors integer not null -- rows of the day in site_visitors
) without rowid;
