select first_offset, traceparent, tracestate
from message_traces
where partition = @partition and last_offset >= @offset
order by last_offset
limit @limit
