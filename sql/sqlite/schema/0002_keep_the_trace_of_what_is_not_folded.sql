-- The span (W3C traceparent) in which the last recorded batch was stored, and the end of that batch: folded up to there, the span
-- is of no more interest.
alter table consumer_offsets add column traceparent text;
alter table consumer_offsets add column traced_offset integer;
