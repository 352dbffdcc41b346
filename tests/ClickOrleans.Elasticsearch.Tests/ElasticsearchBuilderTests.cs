using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Conformance.Index;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Elasticsearch.Tests;

public sealed class ElasticsearchBuilderTests
{
    [Fact]
    public async Task One_call_registers_the_index_the_rebuild_and_the_options()
    {
        await using var provider = Provider(new() { ["ClickOrleans:Elasticsearch:BulkDocuments"] = "7" });

        Assert.Same(provider.GetRequiredService<ElasticsearchIndex>(), provider.GetRequiredService<IClickIndex>());
        Assert.NotNull(provider.GetRequiredService<ElasticsearchRebuild>());
        Assert.Equal(7, provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value.BulkDocuments);
        Assert.Equal(
            "Elasticsearch index click_events at http://localhost:9200/", provider.GetRequiredService<IClickIndex>().Description);
    }

    [Fact]
    public async Task An_option_out_of_range_is_refused_with_its_key()
    {
        await using var provider = Provider(new() { ["ClickOrleans:Elasticsearch:BulkDocuments"] = "0" });

        var exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IClickIndex>());

        Assert.Equal("ClickOrleans:Elasticsearch:BulkDocuments is '0'; allowed are 1 to 100000", exception.Message);
    }

    [Theory]
    [InlineData("Index", "Clicks", "1 to 200 lower case letters, digits, '_' and '-', beginning with a letter")]
    [InlineData("Index", "", "texts that are not empty")]
    [InlineData("CertificateAuthority", "", "texts that are not empty")]
    [InlineData("ConcurrentBulks", "17", "1 to 16")]
    [InlineData("BulkBytes", "1", "65536 to 94371840")]
    [InlineData("BulkTimeout", "00:11:00", "00:00:01 to 00:10:00")]
    [InlineData("RequestTimeout", "00:00:00", "00:00:01 to 00:10:00")]
    public async Task Every_option_has_its_rule(string option, string value, string allowed)
    {
        await using var provider = Provider(new() { [$"ClickOrleans:Elasticsearch:{option}"] = value });

        var exception = Assert.Throws<OptionsValidationException>(
            () => provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value);

        Assert.Equal($"ClickOrleans:Elasticsearch:{option} is '{value}'; allowed are {allowed}", exception.Message);
    }

    [Fact]
    public async Task The_rebuild_is_offered_and_an_outage_of_the_server_is_one_line()
    {
        await using var provider = Provider([]);
        var outages = provider.GetRequiredService<OutageText>();

        var operation = Assert.Single(provider.GetServices<MaintenanceOperation>());
        Assert.Equal(("index", "rebuild"), (operation.Subject, operation.Name));
        Assert.Equal("Connection refused", outages.Of(new HttpRequestException("Connection refused")));
        Assert.Null(outages.Of(new InvalidOperationException("a bug")));
    }

    private static ServiceProvider Provider(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<IRollupStore>(new InMemoryRollupStore())
            .AddSingleton<IConfiguration>(configuration)
            .AddClickOrleans(clicks => clicks.UseElasticsearchIndex("http://elastic:s3cret@localhost:9200"))
            .BuildServiceProvider();
    }
}
