delete from orleans_members
where cluster_id = @DeploymentId and alive < @IAmAliveTime and status <> 3
