using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ClickOrleans.Postgres.Tests;

public sealed class PostgresBuilderTests
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
        var services = new ServiceCollection().AddClickOrleans(clicks => clicks.UsePostgresStore("Host=localhost"));

        var registration = Assert.Single(services, service => service.ServiceType == port);
        Assert.Equal(ServiceLifetime.Singleton, registration.Lifetime);
    }

    [Fact]
    public async Task The_connection_string_comes_from_the_configuration_where_none_is_given()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                [KeyValuePair.Create("ConnectionStrings:clickstream", (string?)"Host=db.example;Database=clicks")])
            .Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddClickOrleans(clicks => clicks.UsePostgresStore())
            .BuildServiceProvider();

        Assert.Equal("PostgreSQL db.example:5432/clicks", services.GetRequiredService<IStoreSchema>().Description);
    }

    [Fact]
    public async Task Without_any_connection_string_the_missing_one_is_named()
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddClickOrleans(clicks => clicks.UsePostgresStore())
            .BuildServiceProvider();

        var exception = Assert.Throws<StartupException>(
            () => (object)services.GetRequiredService<NpgsqlDataSource>());

        Assert.Contains("ConnectionStrings:clickstream", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_the_server_is_an_outage_in_one_line()
    {
        await using var services = new ServiceCollection()
            .AddClickOrleans(clicks => clicks.UsePostgresStore("Host=localhost"))
            .BuildServiceProvider();
        var outages = services.GetRequiredService<OutageText>();

        Assert.Equal(
            "Exception while reading from stream", outages.Of(new NpgsqlException("Exception while reading from stream")));
        Assert.Null(outages.Of(new InvalidOperationException("a bug")));
    }
}
