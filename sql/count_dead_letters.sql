select reason, partition, count(*) as count
from dead_letters
where discarded_at is null
group by reason, partition
order by reason, partition
