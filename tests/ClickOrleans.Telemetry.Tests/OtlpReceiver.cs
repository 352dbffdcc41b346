using System.Text.Json;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Servers;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>An OTLP endpoint that keeps each span, metric and log record as a line of JSON.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly TestServer _server;

    private OtlpReceiver(TestServer server) => _server = server;

    /// <summary>Settings of a process that exports to it every half second.</summary>
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

    /// <summary>Spans arrive after they have ended, in any order between processes.</summary>
    public Task WaitForSpansAsync(Func<IReadOnlyList<ReceivedSpan>, bool> condition) =>
        Poll.UntilAsync(() => condition(Spans), () => Everything);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Complete lines only: the last one may be partially written.</summary>
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
