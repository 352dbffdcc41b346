alter table aggregation_state add column epoch bigint not null default 0;

comment on column aggregation_state.epoch is 'How often the store went back; new rollups begin at epoch x 2^40 + 1';

-- What was written beside the documents of the index, latest last: a store without its row for what the index holds was restored
-- to an earlier time.
create table index_sequences (
  sequence  bigint primary key,
  token     uuid not null,
  confirmed boolean not null default false
);

comment on column index_sequences.token is 'Random: tells two histories with the same numbers apart';
comment on column index_sequences.confirmed is 'Whether the index is known to have it';
