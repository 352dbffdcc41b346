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
    private const int LongestConnectionSeconds = 60;

    /// <summary>
    /// Fills in what the section leaves open: <c>Orleans:Clustering:ProviderType=AdoNet</c> alone is a cluster on the store's
    /// database. Connection strings are rewritten as Npgsql wants them, which knows no URI. To be called before Orleans reads the
    /// section.
    /// </summary>
    /// <exception cref="StartupException">A connection string is missing or malformed.</exception>
    public static void CompleteCluster(this ConfigurationManager configuration)
    {
        var filled = new Dictionary<string, string?>();
        foreach (var section in new[] { Clustering, Reminders, Storage })
        {
            if (Fill($"{section}:ProviderType", configuration[$"{Clustering}:ProviderType"]) == AdoNet)
            {
                if (Fill($"{section}:Invariant", Npgsql) == Npgsql)
                {
                    filled[$"{section}:ConnectionString"] = ConnectionString(configuration, section);
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
            .Select(section => section["ConnectionString"]!)
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

    private static string ConnectionString(ConfigurationManager configuration, string section)
    {
        var name = configuration[$"{section}:ConnectionName"] is { Length: > 0 } given ? given : StoreConnection;
        var (key, text) = configuration[$"{section}:ConnectionString"] is { Length: > 0 } own
            ? ($"{section}:ConnectionString", own)
            : ($"ConnectionStrings:{name}", configuration.GetConnection(name));
        if (string.IsNullOrEmpty(text))
        {
            throw new StartupException(ValidationError.NotAllowed(
                $"{section}:ConnectionName", name, "names of connection strings that are there").Message);
        }

        try
        {
            var settings = PostgresConnectionString.Parse(text, key);

            // Orleans does not tell a connection that serves no more (an old primary turned read-only) from a server that is out.
            if (settings.ConnectionLifetime is 0 or > LongestConnectionSeconds)
            {
                settings.ConnectionLifetime = LongestConnectionSeconds;
            }

            return settings.ConnectionString;
        }
        catch (FormatException exception)
        {
            throw new StartupException(exception.Message, exception);
        }
    }
}
