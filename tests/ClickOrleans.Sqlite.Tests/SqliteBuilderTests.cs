using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Sqlite.Tests;

public sealed class SqliteBuilderTests
{
    [Theory]
    [InlineData(typeof(IStoreSchema))]
    [InlineData(typeof(IClickStore))]
    [InlineData(typeof(IRollupStore))]
    [InlineData(typeof(IDeadLetterStore))]
    [InlineData(typeof(IDesiredStateStore))]
    [InlineData(typeof(IStoreAudit))]
    [InlineData(typeof(IStoreInsight))]
    public void Every_port_of_the_store_is_registered_once(Type port)
    {
        var services = new ServiceCollection().AddClickOrleans(clicks => clicks.UseSqliteStore());

        var registration = Assert.Single(services, service => service.ServiceType == port);
        Assert.Equal(ServiceLifetime.Singleton, registration.Lifetime);
    }

    [Fact]
    public async Task Log_store_and_index_are_files_in_the_folder_of_the_options()
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddClickOrleans(clicks => clicks.UseSqliteLog(options => options.Data = folder).UseSqliteStore().UseSqliteIndex())
            .BuildServiceProvider();

        Assert.Equal(
            $"SQLite log clickstream in {Path.Combine(folder, "log.db")}", services.GetRequiredService<IClickLog>().Description);
        Assert.Equal($"SQLite {Path.Combine(folder, "store.db")}", services.GetRequiredService<IStoreSchema>().Description);
        Assert.Contains(
            Path.Combine(folder, "index.db"), services.GetRequiredService<IClickIndex>().Description, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_is_owned_by_one_silo_until_it_ends()
    {
        var folder = Directory.CreateTempSubdirectory("clickorleans-");
        try
        {
            var owner = Storage(folder.FullName);
            using var other = Storage(folder.FullName);
            owner.GetRequiredService<IEmbeddedStorage>().Own();
            owner.GetRequiredService<IEmbeddedStorage>().Own();

            var refused = Assert.Throws<StartupException>(() => other.GetRequiredService<IEmbeddedStorage>().Own());
            owner.Dispose();
            other.GetRequiredService<IEmbeddedStorage>().Own();

            Assert.Contains("in use by another silo", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ServiceProvider Storage(string folder) => new ServiceCollection()
        .AddClickOrleans(clicks => clicks.UseSqliteIndex(options => options.Data = folder))
        .BuildServiceProvider();
}
