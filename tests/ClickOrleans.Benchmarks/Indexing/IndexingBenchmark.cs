using System.Diagnostics;
using ClickOrleans.Benchmarks.Storing;
using ClickOrleans.Elasticsearch;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Elasticsearch.Documents;
using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Testing.IndexConformance;
using ClickOrleans.Testing.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Benchmarks.Indexing;

/// <summary>
/// Documents per second that the indexer brings into Elasticsearch, against the same bodies posted by a bare curl loop: how
/// much is lost between the server and us. Both go to the same server in turn, each time into a new index.
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
    private readonly RollupsInMemory _rollups = new();
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

        // The first round of each warms the server and the runtime up and does not count.
        var (ours, curl, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            var oursNow = documents / (await benchmark.IndexAsync()).TotalSeconds;
            var curlNow = documents / (await benchmark.CurlAsync()).TotalSeconds;
            Console.WriteLine($"{(round == 0 ? "warm-up" : $"round {round}"),-8} indexer {oursNow,9:N0} documents/s   curl {curlNow,9:N0} documents/s");
            if (round > 0)
            {
                ours.Add(oursNow);
                curl.Add(curlNow);
                ratios.Add(oursNow / curlNow);
            }
        }

        var ratio = StoreBench.Median(ratios);
        Console.WriteLine(
            $"median   indexer {StoreBench.Median(ours),9:N0} documents/s   curl {StoreBench.Median(curl),9:N0} documents/s   ratio {ratio:0.00} (target {Target})"
            + $"   {documents} documents, bulks of {bulk}");
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
        await MakeAsync();
        var indexing = new IndexerOptions { SmallestBatch = _bulk, LargestBatch = Math.Max(_bulk, new IndexerOptions().LargestBatch) };
        var index = new ElasticsearchIndex(_connection, _options, NullLogger<ElasticsearchIndex>.Instance);
        var started = TimeProvider.System.GetTimestamp();
        var run = await new Indexer(_rollups, index, indexing, TimeProvider.System, NullLogger<Indexer>.Instance).IndexAsync(default);
        var took = TimeProvider.System.GetElapsedTime(started);
        Expect(run.Acknowledged == _rollups.Count && await index.CountAsync(default) == _rollups.Count, $"indexed {run}");
        return took;
    }

    private async Task<TimeSpan> CurlAsync()
    {
        await MakeAsync();
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

    private async Task MakeAsync()
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

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
