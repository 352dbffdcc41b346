-- How often this store was found to have gone back; a new rollup begins at version epoch x 2^40 + 1.
alter table aggregation_state add column epoch integer not null default 0;

-- What was written beside the documents of the index, latest last: a store without its row for what the index holds was restored
-- to an earlier time.
create table index_sequences (
  sequence  integer primary key,
  token     text not null,             -- random: tells two histories with the same numbers apart
  confirmed integer not null default 0 -- 1: the index is known to have it
);
