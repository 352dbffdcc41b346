select topic, topic_id from log_identity
