with deleted as (
  delete from orleans_reminders
  where service_id = @ServiceId and grain_id = @GrainId and reminder_name = @ReminderName and version = @Version
  returning 1
)
select exists (select from deleted)
