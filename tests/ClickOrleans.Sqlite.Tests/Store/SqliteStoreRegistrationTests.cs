using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sqlite.Store;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Sqlite.Tests.Store;

public sealed class SqliteStoreRegistrationTests
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
        var services = new ServiceCollection().AddSqliteStore("data");

        var registration = Assert.Single(services, service => service.ServiceType == port);
        Assert.Equal(ServiceLifetime.Singleton, registration.Lifetime);
    }
}
