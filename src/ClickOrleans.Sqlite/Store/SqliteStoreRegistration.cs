using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClickOrleans.Sqlite.Store;

public static class SqliteStoreRegistration
{
    /// <summary>Keeps the store in <c>store.db</c> in this folder. The host brings the logging.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, string folder)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new SqliteStoreDatabase(Path.Combine(folder, "store.db")));
        services.AddSingleton<StoreDatabase>(provider => provider.GetRequiredService<SqliteStoreDatabase>());
        services.AddSingleton<IStoreSchema, SqliteStoreSchema>();
        services.AddSingleton<IClickStore, SqliteClickStore>();
        services.AddSingleton<IRollupStore, SqliteRollupStore>();
        services.AddSingleton<IDeadLetterStore, SqlDeadLetterStore>();
        services.AddSingleton<IDesiredStateStore, SqlDesiredStateStore>();
        services.AddSingleton<IStoreAudit, SqlStoreAudit>();
        services.AddSingleton<IStoreInsight, SqlStoreInsight>();
        return services;
    }
}
