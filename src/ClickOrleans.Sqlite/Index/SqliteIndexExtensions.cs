using ClickOrleans.Pipeline.Index;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Sqlite.Index;

public static class SqliteIndexExtensions
{
    /// <summary>Registers the click index that keeps <c>index.db</c> under <paramref name="folder"/>.</summary>
    public static IServiceCollection AddSqliteIndex(this IServiceCollection services, string folder) =>
        services.AddSingleton<IClickIndex>(_ => new SqliteClickIndex(Path.Combine(folder, "index.db")));
}
