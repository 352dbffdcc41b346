using System.Diagnostics;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Elasticsearch;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Elasticsearch.Documents;
using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Conformance.Index;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Benchmarks.Indexing;

/// <summary>
/// Documents per second of the indexer, compared with a curl loop that posts the same bodies to the same Elasticsearch server.
/// Every measurement uses a new index.
/// </summary>
/// <remarks>
/// Arguments: <c>[documents=100000] [bulk=1000] [rounds=3] [url]</c>; without a URL a server is started through
/// <c>CLICKORLEANS_SERVERS</c>. The curl loop gets its bodies ready-made and uncompressed; the indexer reads rollups (in
/// memory), serializes, compresses, sends, judges and marks.
/// </remarks>
internal sealed class IndexingBenchmark : IAsyncDisposable
{
    private const double Target = 0.8;

    private readonly string _address;
    private readonly int _bulk;
    private readonly InMemoryRollupStore _rollups = new();
    private readonly string _bodies = Directory.CreateTempSubdirectory("clickorleans-bodies-").FullName;
    private readonly ElasticsearchOptions _options = new() { Index = "click_events_benchmark" };
    private readonly ElasticsearchConnection _connection;

    private IndexingBenchmark(string address, int documents, int bulk)
    {
        (_address, _bulk, _options.BulkDocuments) = (address, bulk, bulk);
        _rollups.Fill(documents);
        _connection = new ElasticsearchConnection(address, new ConfigurationBuilder().Build(), _options, TimeProvider.System);
    }

    /// <returns>0 if the median of the rounds' ratios is at least 0.8, else 1.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var documents = args.Length > 0 ? int.Parse(args[0]) : 100_000;
        var bulk = args.Length > 1 ? int.Parse(args[1]) : 1000;
        var rounds = args.Length > 2 ? int.Parse(args[2]) : 3;
        await using var server = args.Length > 3 ? null : await TestServer.ElasticsearchAsync();
        await using var benchmark = new IndexingBenchmark(server?.Address ?? args[3], documents, bulk);
        await benchmark.WriteBodiesAsync();

        // The first round is a warm-up.
        var (indexer, curl, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            var indexerRate = documents / (await benchmark.IndexAsync()).TotalSeconds;
            var curlRate = documents / (await benchmark.CurlAsync()).TotalSeconds;
            var name = round == 0 ? "warm-up" : $"round {round}";
            Console.WriteLine($"{name,-8} indexer {indexerRate,9:N0} documents/s   curl {curlRate,9:N0} documents/s");
            if (round > 0)
            {
                indexer.Add(indexerRate);
                curl.Add(curlRate);
                ratios.Add(indexerRate / curlRate);
            }
        }

        var ratio = StoreBench.Median(ratios);
        Console.WriteLine(
            $"median   indexer {StoreBench.Median(indexer),9:N0} documents/s   curl {StoreBench.Median(curl),9:N0} documents/s"
            + $"   ratio {ratio:0.00} (target {Target})   {documents} documents, bulks of {bulk}");
        return ratio >= Target ? 0 : 1;
    }

    public async ValueTask DisposeAsync()
    {
        await DeleteAsync();
        _connection.Dispose();
        Directory.Delete(_bodies, recursive: true);
    }

    private async Task WriteBodiesAsync()
    {
        var documents = _rollups.All.Select(IndexDocument.From).ToArray();
        var bounds = new ElasticsearchOptions { BulkBytes = int.MaxValue, Compress = false };
        for (var first = 0; first < documents.Length; first += _bulk)
        {
            var content = new BulkBody(documents, first, Math.Min(first + _bulk, documents.Length), bounds);
            await using var file = File.Create(Path.Combine(_bodies, $"{first:0000000000}.ndjson"));
            await content.WriteAsync(file, default);
        }
    }

    private async Task<TimeSpan> IndexAsync()
    {
        await RecreateAsync();
        var largest = Math.Max(_bulk, new IndexerOptions().LargestBatch);
        var options = new IndexerOptions { SmallestBatch = _bulk, LargestBatch = largest };
        var index = new ElasticsearchIndex(_connection, _options, NullLogger<ElasticsearchIndex>.Instance);
        var started = TimeProvider.System.GetTimestamp();
        var indexer = new Indexer(_rollups, index, options, StageContexts.System, NullLogger<Indexer>.Instance);
        var run = await indexer.IndexAsync(default);
        var took = TimeProvider.System.GetElapsedTime(started);
        Expect(run.Acknowledged == _rollups.Count && await index.CountAsync(default) == _rollups.Count, $"indexed {run}");
        return took;
    }

    private async Task<TimeSpan> CurlAsync()
    {
        await RecreateAsync();
        var url = $"{_address}/{_options.Index}/_bulk?require_alias=true";
        var loop = $"for body in {_bodies}/*.ndjson; do "
            + $"curl -sf -o /dev/null -H 'Content-Type: application/x-ndjson' --data-binary @$body '{url}' || exit 1; done";
        var started = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", loop]))!;
        await process.WaitForExitAsync();
        var took = TimeProvider.System.GetElapsedTime(started);
        var index = new ElasticsearchIndex(_connection, _options, NullLogger<ElasticsearchIndex>.Instance);
        Expect(process.ExitCode == 0 && await index.CountAsync(default) == _rollups.Count, "the curl loop failed");
        return took;
    }

    private async Task RecreateAsync()
    {
        await DeleteAsync();
        await new AliasedIndices(_connection, _options.Index).FindOrCreateAsync(default);
    }

    private async Task DeleteAsync()
    {
        var indices = new AliasedIndices(_connection, _options.Index);
        if (await indices.FindAsync(default) is { } found)
        {
            await indices.DeleteAsync(found.Name, default);
        }
    }

    private static void Expect(bool condition, string error)
    {
        if (!condition)
        {
            throw new InvalidOperationException(error);
        }
    }
}
