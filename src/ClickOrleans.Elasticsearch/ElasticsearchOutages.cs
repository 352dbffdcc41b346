using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Pipeline.Composition;

namespace ClickOrleans.Elasticsearch;

/// <summary>What the client throws where Elasticsearch, what stands in front of it, or the network fails.</summary>
internal sealed class ElasticsearchOutages : IOutageClassifier
{
    public string? Describe(Exception exception) =>
        exception is HttpRequestException or InvalidDataException or ElasticsearchException or IndexGoneException
            ? exception.Message
            : null;
}
