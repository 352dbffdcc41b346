-- The range wraps around the end of the ring; from a hash to itself it is the whole ring.
select grain_id as GrainId, reminder_name as ReminderName, started as StartTime, period_ms as Period, version as Version
from orleans_reminders
where service_id = @ServiceId and (grain_hash > @BeginHash or grain_hash <= @EndHash)
