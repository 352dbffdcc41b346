using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.ServiceDefaults;

/// <summary>
/// Says that telemetry is not exported, at once and then every five minutes: the SDK itself tells it only to who listens to its
/// event source.
/// </summary>
internal sealed partial class ExportFailures : EventListener, IHostedService
{
    private const string Source = "OpenTelemetry-Exporter-OpenTelemetryProtocol";
    private const int Longest = 300;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    // Null while the base class constructs: it reports the sources that are there.
    private readonly ILogger<ExportFailures>? _logger;
    private readonly TimeProvider? _time;
    private readonly Lock _lock = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    public ExportFailures(ILogger<ExportFailures> logger, TimeProvider time)
    {
        _time = time;
        _logger = logger;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source)
        {
            EnableEvents(eventSource, EventLevel.Error);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name != Source || _logger is null || _time is null)
        {
            return;
        }

        lock (_lock)
        {
            var now = _time.GetUtcNow();
            if (now < _next)
            {
                return;
            }

            _next = now + Every;
        }

        LogFailure(_logger, Describe(eventData));
    }

    /// <summary>One line without credentials: the events hold addresses and exceptions with their stack.</summary>
    private static string Describe(EventWrittenEventArgs written)
    {
        var text = written.Message is { } message
            ? string.Format(CultureInfo.InvariantCulture, message, [.. written.Payload ?? Enumerable.Empty<object?>()])
            : written.EventName ?? "";
        var line = Credentials().Replace(text.Split('\n')[0].TrimEnd(), "://");
        return line.Length > Longest ? line[..Longest] : line;
    }

    [GeneratedRegex("://[^/@\\s]+@", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Credentials();

    [LoggerMessage(450, LogLevel.Warning, "Telemetry is not exported: {Reason}")]
    private static partial void LogFailure(ILogger logger, string reason);
}
