insert into message_traces (partition, first_offset, last_offset, traceparent, tracestate)
values (@partition, @first_offset, @last_offset, @traceparent, @tracestate)
