select
  c.version as Version, m.started as StartTime, m.address as Address, m.port as Port, m.generation as Generation, m.silo_name as SiloName,
  m.host_name as HostName, m.status as Status, m.proxy_port as ProxyPort, m.alive as IAmAliveTime, m.suspect_times as SuspectTimes
from orleans_clusters c
left join orleans_members m
  on m.cluster_id = c.cluster_id and m.address = @Address and m.port = @Port and m.generation = @Generation
where c.cluster_id = @DeploymentId
