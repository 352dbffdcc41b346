using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Silo.Configuration;
using ClickOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Silo.Tests.Hosting;

public sealed class AdaptersTests
{
    [Fact]
    public async Task Without_connection_strings_everything_is_embedded()
    {
        await using var services = Services(("ClickOrleans:Data", "folder"), ("ClickOrleans:Kafka:Topic", "clicks"));

        Assert.StartsWith(
            "SQLite log clicks in folder", services.GetRequiredService<IClickLog>().Description, StringComparison.Ordinal);
        Assert.StartsWith("SQLite folder", services.GetRequiredService<IStoreSchema>().Description, StringComparison.Ordinal);
        Assert.StartsWith("SQLite", services.GetRequiredService<IClickIndex>().Description, StringComparison.Ordinal);
        Assert.NotNull(services.GetService<IEmbeddedStorage>());
    }

    [Fact]
    public async Task A_connection_string_chooses_the_server_and_an_empty_one_does_not()
    {
        await using var services = Services(
            ("ConnectionStrings:kafka", "127.0.0.1:1"),
            ("ConnectionStrings:clickstream", "Host=db;Database=clicks"),
            ("ConnectionStrings:elasticsearch", ""));

        Assert.Equal("Kafka topic clickstream at 127.0.0.1:1", services.GetRequiredService<IClickLog>().Description);
        Assert.Equal("PostgreSQL db:5432/clicks", services.GetRequiredService<IStoreSchema>().Description);
        Assert.NotNull(services.GetService<IEmbeddedStorage>());
    }

    [Fact]
    public async Task Blanks_and_line_breaks_around_a_connection_string_do_not_count()
    {
        await using var services = Services(
            ("ConnectionStrings:kafka", " 127.0.0.1:1\n"),
            ("ConnectionStrings:clickstream", "\n"),
            ("ConnectionStrings:elasticsearch", "http://search:9200\r\n"));

        Assert.Equal("Kafka topic clickstream at 127.0.0.1:1", services.GetRequiredService<IClickLog>().Description);
        Assert.StartsWith("SQLite", services.GetRequiredService<IStoreSchema>().Description, StringComparison.Ordinal);
        Assert.Equal(
            "Elasticsearch index click_events at http://search:9200/", services.GetRequiredService<IClickIndex>().Description);
    }

    [Theory]
    [InlineData("postgresql://me:hush@host/clicks")]
    [InlineData("https://me:hush@one,http://two")]
    [InlineData("Endpoint=https://one;ApiKey=hush hush")]
    public async Task A_connection_string_of_elasticsearch_that_cannot_be_read_is_an_error_at_start(string connection)
    {
        await using var services = Services(("ConnectionStrings:elasticsearch", connection));

        var exception = Assert.Throws<StartupException>(() => SiloConfiguration.Validate(services));

        Assert.Contains("ConnectionStrings:elasticsearch", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_servers_alone_nothing_is_embedded()
    {
        await using var services = Services(
            ("ConnectionStrings:kafka", "127.0.0.1:1"),
            ("ConnectionStrings:clickstream", "Host=db;Database=clicks"),
            ("ConnectionStrings:elasticsearch", "http://search:9200"));

        Assert.Equal(
            "Elasticsearch index click_events at http://search:9200/", services.GetRequiredService<IClickIndex>().Description);
        Assert.Null(services.GetService<IEmbeddedStorage>());
    }

    private static ServiceProvider Services(params (string Key, string Value)[] configured)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(configured.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))
            .Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddClickOrleans(clicks => clicks.UseConfiguredAdapters(configuration))
            .BuildServiceProvider();
    }
}
