-- Partitions that the same number is replaced for share the new one: there are only 32,767.
select min(adopted_log_id)
from adopted_partitions
where replaced_log_id = @ReplacedLogId
