using ClickOrleans.Pipeline.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClickOrleans.Sqlite.Log;

public static class SqliteLogRegistration
{
    /// <summary>The click log as a file in <paramref name="folder"/>.</summary>
    /// <param name="partitions">How many partitions it has at least; 1 or more.</param>
    public static IServiceCollection AddSqliteLog(this IServiceCollection services, string folder, int partitions, string topic)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<IClickLog>(provider =>
            new SqliteClickLog(folder, partitions, topic, provider.GetRequiredService<TimeProvider>()));
    }
}
