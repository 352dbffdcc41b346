select cast(day as text) as day, first_offset as "start", next_offset as "end", clicks, digest
from click_digests
where log_id = @LogId and partition = @Partition
order by first_offset
