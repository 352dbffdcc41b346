insert into log_identity (only_row, topic, topic_id, created_at)
values (1, @topic, @topic_id, @created_at)
on conflict do nothing
