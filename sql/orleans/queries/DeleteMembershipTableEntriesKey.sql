delete from orleans_members where cluster_id = @DeploymentId;
delete from orleans_clusters where cluster_id = @DeploymentId
