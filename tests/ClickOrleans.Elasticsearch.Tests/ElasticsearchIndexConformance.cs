using ClickOrleans.Pipeline.Index;
using ClickOrleans.Conformance.Index;

namespace ClickOrleans.Elasticsearch.Tests;

/// <summary>Bulks are kept small, so that what the suite sends takes several.</summary>
public abstract class ElasticsearchIndexConformance(ElasticsearchServer server) : IndexConformance
{
    private readonly string _name = server.NewName();

    protected override async Task<IClickIndex> CreateAsync() =>
        ElasticsearchServer.Index(await server.AddressAsync(), new ElasticsearchOptions { Index = _name, BulkDocuments = 700 });

    public override async ValueTask DisposeAsync()
    {
        if (Index is not null)
        {
            await server.SendAsync(HttpMethod.Delete, $"{_name}-000001");
            await server.SendAsync(HttpMethod.Delete, $"{_name}_state");
        }

        await base.DisposeAsync();
    }
}
