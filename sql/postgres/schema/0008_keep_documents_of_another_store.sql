alter table aggregation_state add column kept_index text;

comment on column aggregation_state.kept_index is
  'The index that held documents when this store was new, as index_identity: what is in there without a rollup may be another '
  'store''s, and is not deleted';
