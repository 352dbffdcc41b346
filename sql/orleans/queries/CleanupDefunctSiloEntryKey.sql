-- Only if the entry is unchanged since it was found dead.
delete from orleans_members
where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation and status = 6
  and coalesce(suspect_times, '') = coalesce(@SuspectTimes, '') and started = @StartTime and alive = @IAmAliveTime
