-- Locks the row: a commit of the consumer is either complete by now, or will find that the revision was raised.
update consumer_offsets
set revision = revision + 1
where log_id = @LogId and partition = @Partition
