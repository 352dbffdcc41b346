namespace ClickOrleans.AppHost.Servers;

internal sealed class ElasticsearchResource(string name, ParameterResource password)
    : ContainerResource(name), IResourceWithConnectionString
{
    public const string HttpEndpoint = "http";

    /// <summary><c>http://elastic:password@host:port</c>.</summary>
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var address = new EndpointReference(this, HttpEndpoint).Property(EndpointProperty.HostAndPort);
            return ReferenceExpression.Create($"http://elastic:{password}@{address}");
        }
    }
}
