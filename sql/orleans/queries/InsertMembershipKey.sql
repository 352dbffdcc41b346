-- The update locks the cluster's row and re-checks the version: of two concurrent changes to one version only one is applied.
with bumped as (
  update orleans_clusters set version = version + 1, changed = now()
  where cluster_id = @DeploymentId and version = @Version
    and not exists (
      select from orleans_members
      where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
  returning cluster_id
), inserted as (
  insert into orleans_members
    (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, started, alive)
  select cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
  from bumped
  returning 1
)
select exists (select from inserted)
