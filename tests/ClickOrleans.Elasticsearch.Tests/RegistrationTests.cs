using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing.IndexConformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Elasticsearch.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public async Task One_call_registers_the_index_the_rebuild_and_the_options()
    {
        await using var provider = Provider(new() { ["ClickOrleans:Elasticsearch:BulkDocuments"] = "7" });

        Assert.Same(provider.GetRequiredService<ElasticsearchIndex>(), provider.GetRequiredService<IClickIndex>());
        Assert.NotNull(provider.GetRequiredService<ElasticsearchRebuild>());
        Assert.Equal(7, provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value.BulkDocuments);
        Assert.Equal("Elasticsearch index click_events at http://localhost:9200/", provider.GetRequiredService<IClickIndex>().Description);
    }

    [Fact]
    public async Task An_option_out_of_range_is_refused_with_its_key()
    {
        await using var provider = Provider(new() { ["ClickOrleans:Elasticsearch:BulkDocuments"] = "0" });

        var exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IClickIndex>());

        Assert.Contains("ClickOrleans:Elasticsearch:BulkDocuments is '0'", exception.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Provider(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton<IRollupStore>(new RollupsInMemory())
            .AddElasticsearchIndex("http://elastic:s3cret@localhost:9200", configuration)
            .BuildServiceProvider();
    }
}
