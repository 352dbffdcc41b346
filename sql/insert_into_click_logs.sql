insert into click_logs (topic, topic_id)
values (@Topic, @TopicId)
on conflict (topic_id) do nothing
