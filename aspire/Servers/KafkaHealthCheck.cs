using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClickOrleans.AppHost.Servers;

/// <summary>Healthy when a broker answers a request for metadata.</summary>
/// <param name="address">Bootstrap servers; null = not known yet.</param>
public sealed class KafkaHealthCheck(Func<CancellationToken, ValueTask<string?>> address) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var servers = await address(cancellationToken);
        if (string.IsNullOrEmpty(servers))
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The address is not known yet.");
        }

        try
        {
            // The client logs every failed connection to standard error unless it is given a handler.
            using var client = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers })
                .SetLogHandler((_, _) => { })
                .SetErrorHandler((_, _) => { })
                .Build();
            var metadata = await Task.Run(() => client.GetMetadata(Timeout), cancellationToken);
            return metadata.Brokers.Count > 0
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, "The metadata names no broker.");
        }
        catch (KafkaException fault)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, fault.Error.Reason, fault);
        }
    }
}
