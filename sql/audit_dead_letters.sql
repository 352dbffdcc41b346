select "offset", payload, discarded_at
from dead_letters
where log_id = @LogId and partition = @Partition and "offset" >= @Start and "offset" < @End
order by "offset"
