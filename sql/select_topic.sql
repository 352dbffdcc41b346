select topic
from click_logs
where log_id = @LogId
