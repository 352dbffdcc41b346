namespace ClickOrleans.AppHost.Servers;

/// <summary>
/// A broker with a listener for the host's processes and one for other containers; each is told the address that it can reach.
/// </summary>
internal sealed class KafkaResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    public const string HostEndpoint = "tcp";
    public const string BrokerEndpoint = "broker";

    /// <summary><c>host:port</c>, as Kafka's clients take it.</summary>
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{new EndpointReference(this, HostEndpoint).Property(EndpointProperty.HostAndPort)}");

    /// <summary>
    /// The container's own variable; what it says about the host's listener is seen from the host all the same.
    /// </summary>
    public ReferenceExpression AdvertisedListeners
    {
        get
        {
            var host = new EndpointReference(this, HostEndpoint, KnownNetworkIdentifiers.LocalhostNetwork);
            var broker = new EndpointReference(this, BrokerEndpoint).Property(EndpointProperty.TargetPort);
            return ReferenceExpression.Create($"BROKER://{Name}:{broker},HOST://{host.Property(EndpointProperty.HostAndPort)}");
        }
    }
}
