delete from orleans_reminders where service_id = @ServiceId
