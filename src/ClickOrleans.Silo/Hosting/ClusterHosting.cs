using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Postgres;
using ClickOrleans.Silo.Configuration;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ClickOrleans.Silo.Hosting;

/// <summary>What a silo needs to be one of a cluster, from the standard <c>Orleans</c> section.</summary>
internal static class ClusterHosting
{
    private const string AdoNet = "AdoNet";
    private const string Npgsql = "Npgsql";
    private const string StoreConnection = "clickstream";
    private const string Clustering = "Orleans:Clustering";
    private const string Reminders = "Orleans:Reminders";
    private const string Storage = "Orleans:GrainStorage:Default";
    private const string ClusterId = "Orleans:ClusterId";
    private const string ServiceId = "Orleans:ServiceId";
    private const string DefaultId = "clickorleans";

    /// <summary>
    /// Fills in what the section leaves open: <c>Orleans:Clustering:ProviderType=AdoNet</c> alone is a cluster on the store's
    /// database. To be
    /// called before Orleans reads the section.
    /// </summary>
    public static void CompleteCluster(this ConfigurationManager configuration)
    {
        var filled = new Dictionary<string, string?>();
        foreach (var section in new[] { Clustering, Reminders, Storage })
        {
            if (Fill($"{section}:ProviderType", configuration[$"{Clustering}:ProviderType"]) == AdoNet)
            {
                Fill($"{section}:Invariant", Npgsql);
                if (string.IsNullOrEmpty(configuration[$"{section}:ConnectionString"]))
                {
                    Fill($"{section}:ConnectionName", StoreConnection);
                }
            }
        }

        // Reminders belong to a service: with the same service id two clusters would ring each other's.
        Fill(ServiceId, Fill(ClusterId, DefaultId));
        configuration.AddInMemoryCollection(filled);

        string? Fill(string key, string? value)
        {
            if (configuration[key] is { Length: > 0 } there)
            {
                return there;
            }

            filled[key] = value;
            return value;
        }
    }

    /// <summary>The databases on which Orleans keeps anything, each once.</summary>
    public static void AddClusterTables(this IServiceCollection services, IConfiguration configuration)
    {
        var databases = new[] { Clustering, Reminders, Storage }
            .Select(configuration.GetSection)
            .Where(section => section["ProviderType"] == AdoNet && section["Invariant"] == Npgsql)
            .Select(section => ConnectionString(configuration, section))
            .Distinct(StringComparer.Ordinal);
        foreach (var database in databases)
        {
            services.AddSingleton<IPreparationStep>(new ClusterTables(database));
        }
    }

    public static void DetectFailures(this ISiloBuilder silo) => silo.Services
        .AddOptions<ClusterMembershipOptions>()
        .Configure<IOptions<SiloClusterOptions>>((membership, cluster) =>
        {
            membership.ProbeTimeout = cluster.Value.ProbeTimeout;
            membership.MaxProbeTimeout = cluster.Value.MaxProbeTimeout;
            membership.NumMissedProbesLimit = cluster.Value.MissedProbes;
            membership.IAmAliveTablePublishTimeout = cluster.Value.AliveInterval;
            membership.TableRefreshTimeout = cluster.Value.AliveInterval * 2;
            membership.DefunctSiloExpiration = cluster.Value.DeadKept;
            membership.DefunctSiloMinimumRetention = cluster.Value.DeadKept;
            membership.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(1);
        });

    private static string ConnectionString(IConfiguration configuration, IConfigurationSection section) =>
        section["ConnectionString"] is { Length: > 0 } text ? text
        : configuration.GetConnection(section["ConnectionName"] ?? "")
        ?? throw new StartupException(ValidationError.NotAllowed(
            $"{section.Path}:ConnectionName", section["ConnectionName"], "names of connection strings that are there").Message);
}
