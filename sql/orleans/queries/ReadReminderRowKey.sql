select grain_id as GrainId, reminder_name as ReminderName, started as StartTime, period_ms as Period, version as Version
from orleans_reminders
where service_id = @ServiceId and grain_id = @GrainId and reminder_name = @ReminderName
