select "offset", appended_at, key, value
from messages
where partition = @partition and "offset" >= @offset
order by "offset"
limit @limit
