insert into orleans_reminders (service_id, grain_id, reminder_name, started, period_ms, grain_hash)
values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash)
on conflict (service_id, grain_id, reminder_name) do update
set started = excluded.started, period_ms = excluded.period_ms, grain_hash = excluded.grain_hash, version = orleans_reminders.version + 1
returning version as Version
