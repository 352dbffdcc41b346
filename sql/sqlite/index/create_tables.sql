-- The embedded click index. Its identity is generated when the file is created: a file deleted and recreated is another index.
create table if not exists click_index (
  one integer primary key check (one = 1),
  identity text not null
);

-- Written beside the documents: tells whether the index or the store went back to an earlier time.
create table if not exists click_index_state (
  one integer primary key check (one = 1),
  sequence integer not null,
  token text not null,
  epoch integer not null
);

-- One row per document.
create table if not exists click_events (
  row_id integer primary key,
  id text not null unique,              -- derived from (url, country)
  version integer not null,             -- of the rollup; never decreases
  url text not null,
  country text not null,
  clicks integer not null,
  unique_users integer not null,
  average_time text not null,           -- HH:mm:ss, hours may exceed 24
  average_time_seconds integer not null,
  first_click text not null,            -- ISO 8601, UTC
  last_click text not null,
  updated_at text not null
);

create index if not exists click_events_by_clicks on click_events (clicks desc, url, country);

create index if not exists click_events_by_page on click_events (url, country);

-- The words of url and country by row_id. They arrive split and lower-cased (SearchWords), separated by spaces: the tokenizer
-- 'ascii' splits at the spaces and leaves letters beyond ASCII unchanged.
create virtual table if not exists click_events_words
  using fts5(words, content='', contentless_delete=1, detail='none', tokenize='ascii');
