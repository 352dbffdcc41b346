-- The recorded spans (W3C Trace Context) in which messages were appended: one row per append and partition.
create table if not exists message_traces (
  partition integer not null,
  last_offset integer not null,
  first_offset integer not null,
  traceparent text not null,
  tracestate text,
  primary key (partition, last_offset)
) strict, without rowid
