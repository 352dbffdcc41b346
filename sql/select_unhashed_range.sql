select log_id, partition, start_offset as "start", end_offset as "end"
from unhashed_clicks
order by log_id, partition
limit 1
