using System.Text.Json;
using ClickOrleans.Testing.Pipelines;
using ClickOrleans.Testing.Servers;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>Receives telemetry as a collector would, and keeps it as a line of JSON for each span, metric and log record.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly TestServer _server;

    private OtlpReceiver(TestServer server) => _server = server;

    /// <summary>What a process needs to export to it, and to do so within half a second.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _server.Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "300",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "300",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    /// <summary>Everything received, as text.</summary>
    public string Everything => string.Concat(new[] { "traces", "metrics", "logs" }.Select(Read));

    public IReadOnlyList<ReceivedSpan> Spans => [.. Records("traces").Select(record => new ReceivedSpan(record))];

    public IReadOnlyList<ReceivedMetric> Metrics => [.. Records("metrics").Select(record => new ReceivedMetric(record))];

    public IReadOnlyList<JsonElement> Logs => [.. Records("logs")];

    public static async Task<OtlpReceiver> StartAsync() => new(await TestServer.OtlpAsync());

    /// <summary>Spans come some time after they ended, and a process's batches in any order among those of others.</summary>
    public Task WaitForSpansAsync(Func<IReadOnlyList<ReceivedSpan>, bool> condition) =>
        PipelineTestExtensions.WaitForAsync(() => Task.FromResult(condition(Spans)), () => Everything);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Whole lines only: the last may be being written.</summary>
    private IEnumerable<JsonElement> Records(string signal)
    {
        var text = Read(signal);
        return text[..(text.LastIndexOf('\n') + 1)]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line));
    }

    private string Read(string signal)
    {
        var path = Path.Combine(_server.Folder, $"{signal}.jsonl");
        if (!File.Exists(path))
        {
            return "";
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
