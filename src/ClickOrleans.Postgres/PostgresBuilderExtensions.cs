using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ClickOrleans.Postgres;

public static class PostgresBuilderExtensions
{
    private const string ConnectionName = "clickstream";

    /// <summary>
    /// Keeps the store in the database that the connection string names. Several hosts, TLS, time limits and pool sizes are the
    /// connection string's; <see cref="NpgsqlDataSource"/> is registered for others too.
    /// </summary>
    /// <param name="connectionString">Where it is left out, the connection string <c>clickstream</c>.</param>
    public static IClickOrleansBuilder UsePostgresStore(this IClickOrleansBuilder builder, string? connectionString = null)
    {
        builder.CheckConnection(ConnectionName, connectionString, text => PostgresConnectionString.Parse(text));
        var services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOutageClassifier, SqlOutages>());
        services.AddSingleton(provider => CreateSource(
            connectionString ?? provider.GetRequiredService<IConfiguration>().GetRequiredConnection(ConnectionName),
            provider.GetService<ILoggerFactory>()));
        services.AddSingleton<PostgresStoreDatabase>();
        services.AddSingleton<StoreDatabase>(provider => provider.GetRequiredService<PostgresStoreDatabase>());
        services.AddSingleton<IStoreSchema, PostgresStoreSchema>();
        services.AddSingleton<IClickStore, PostgresClickStore>();
        services.AddSingleton<IRollupStore, PostgresRollupStore>();
        services.AddSingleton<IDeadLetterStore, SqlDeadLetterStore>();
        services.AddSingleton<IDesiredStateStore, SqlDesiredStateStore>();
        services.AddSingleton<IStoreAudit, SqlStoreAudit>();
        services.AddSingleton<IStoreInsight, SqlStoreInsight>();
        services.AddSingleton<ISeriesStore, SqlSeriesStore>();
        return builder;
    }

    /// <summary>A source whose connections prepare no statements, unless the connection string says so.</summary>
    /// <remarks>
    /// A prepared statement is its server connection's: behind a pooler that hands those out by transaction, and is older than
    /// pgbouncer 1.21, another connection does not have it, or has another statement by its name.
    /// </remarks>
    public static NpgsqlDataSource CreateSource(string connectionString, ILoggerFactory? loggers)
    {
        var builder = new NpgsqlDataSourceBuilder(PostgresConnectionString.Parse(connectionString).ConnectionString);
        builder.ConnectionStringBuilder.ApplicationName ??= "clickorleans";

        // What the pool is called in traces and metrics: by default its connection string.
        builder.Name = "clickstream";
        builder.ConfigureTracing(tracing => tracing.EnableFirstResponseEvent(false));
        return builder.UseLoggerFactory(loggers).Build();
    }
}
