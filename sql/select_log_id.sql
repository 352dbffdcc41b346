select log_id
from click_logs
where topic_id = @TopicId
