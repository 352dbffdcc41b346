select address as Address, proxy_port as ProxyPort, generation as Generation
from orleans_members
where cluster_id = @DeploymentId and status = @Status and proxy_port > 0
