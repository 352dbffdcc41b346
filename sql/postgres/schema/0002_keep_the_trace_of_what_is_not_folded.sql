alter table consumer_offsets
  add column traceparent text collate "C",
  add column traced_offset bigint;

comment on column consumer_offsets.traceparent is 'The span (W3C traceparent) in which the last recorded batch was stored';
comment on column consumer_offsets.traced_offset is 'The end of that batch: folded up to here, the span is of no more interest';
