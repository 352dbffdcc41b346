using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sql;
using ClickOrleans.Sqlite.Index;
using ClickOrleans.Sqlite.Log;
using ClickOrleans.Sqlite.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Sqlite;

/// <summary>Log, store and index as SQLite files in the data folder: for one silo, without any server.</summary>
public static class SqliteBuilderExtensions
{
    /// <summary>Keeps the click log in <c>log.db</c>; options are the section <see cref="SqliteOptions.Section"/>.</summary>
    /// <param name="topic">The log's name.</param>
    public static IClickOrleansBuilder UseSqliteLog(
        this IClickOrleansBuilder builder, Action<SqliteOptions>? configure = null, string topic = "clickstream")
    {
        builder.UseDataFolder(configure).AddSingleton<IClickLog>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<SqliteOptions>>().Value;
            return new SqliteClickLog(options.Data, options.Partitions, topic, provider.GetRequiredService<TimeProvider>());
        });
        return builder;
    }

    /// <summary>Keeps the click store in <c>store.db</c>; options are the section <see cref="SqliteOptions.Section"/>.</summary>
    public static IClickOrleansBuilder UseSqliteStore(this IClickOrleansBuilder builder, Action<SqliteOptions>? configure = null)
    {
        var services = builder.UseDataFolder(configure);
        services.AddSingleton(provider => new SqliteStoreDatabase(File(provider, "store.db")));
        services.AddSingleton<StoreDatabase>(provider => provider.GetRequiredService<SqliteStoreDatabase>());
        services.AddSingleton<IStoreSchema, SqliteStoreSchema>();
        services.AddSingleton<IClickStore, SqliteClickStore>();
        services.AddSingleton<IRollupStore, SqliteRollupStore>();
        services.AddSingleton<IDeadLetterStore, SqlDeadLetterStore>();
        services.AddSingleton<IDesiredStateStore, SqlDesiredStateStore>();
        services.AddSingleton<IStoreAudit, SqlStoreAudit>();
        services.AddSingleton<IStoreInsight, SqlStoreInsight>();
        services.AddSingleton<ISeriesStore, SqlSeriesStore>();
        return builder;
    }

    /// <summary>Keeps the click index in <c>index.db</c>; options are the section <see cref="SqliteOptions.Section"/>.</summary>
    public static IClickOrleansBuilder UseSqliteIndex(this IClickOrleansBuilder builder, Action<SqliteOptions>? configure = null)
    {
        builder.UseDataFolder(configure).AddSingleton<IClickIndex>(provider => new SqliteClickIndex(File(provider, "index.db")));
        return builder;
    }

    /// <summary>What the three have in common, once.</summary>
    private static IServiceCollection UseDataFolder(this IClickOrleansBuilder builder, Action<SqliteOptions>? configure)
    {
        builder.AddOptions(SqliteOptions.Section, configure);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IOutageClassifier, SqlOutages>());
        builder.Services.TryAddSingleton<IEmbeddedStorage, DataFolder>();
        return builder.Services;
    }

    private static string File(IServiceProvider provider, string name) =>
        Path.Combine(provider.GetRequiredService<IOptions<SqliteOptions>>().Value.Data, name);
}
