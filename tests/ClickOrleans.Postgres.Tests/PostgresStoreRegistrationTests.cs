using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ClickOrleans.Postgres.Tests;

public sealed class PostgresStoreRegistrationTests
{
    [Theory]
    [InlineData(typeof(IStoreSchema))]
    [InlineData(typeof(IClickStore))]
    [InlineData(typeof(IRollupStore))]
    [InlineData(typeof(IDeadLetterStore))]
    [InlineData(typeof(IDesiredStateStore))]
    [InlineData(typeof(IStoreAudit))]
    [InlineData(typeof(IStoreInsight))]
    [InlineData(typeof(NpgsqlDataSource))]
    public void Every_port_of_the_store_is_registered_once(Type port)
    {
        var services = new ServiceCollection().AddPostgresStore("Host=localhost");

        var registration = Assert.Single(services, service => service.ServiceType == port);
        Assert.Equal(ServiceLifetime.Singleton, registration.Lifetime);
    }
}
