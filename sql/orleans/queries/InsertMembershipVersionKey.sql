with inserted as (
  insert into orleans_clusters (cluster_id) values (@DeploymentId)
  on conflict do nothing
  returning 1
)
select exists (select from inserted)
