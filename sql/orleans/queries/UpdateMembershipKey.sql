with bumped as (
  update orleans_clusters set version = version + 1, changed = now()
  where cluster_id = @DeploymentId and version = @Version
    and exists (
      select from orleans_members
      where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
  returning cluster_id
), updated as (
  update orleans_members m
  set status = @Status, suspect_times = @SuspectTimes, alive = @IAmAliveTime
  from bumped
  where m.cluster_id = bumped.cluster_id and address = @Address and port = @Port and generation = @Generation
  returning 1
)
select exists (select from updated)
