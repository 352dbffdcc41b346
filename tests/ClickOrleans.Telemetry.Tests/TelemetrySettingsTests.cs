using ClickOrleans.ServiceDefaults;
using ClickOrleans.Testing;
using ClickOrleans.Testing.Silos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace ClickOrleans.Telemetry.Tests;

/// <summary>The exporter's variables are checked at start, and an export that fails is said.</summary>
public sealed class TelemetrySettingsTests
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private const string Collector = "http://127.0.0.1:4317";

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317 hush", "no address such as http://localhost:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "hush", "no address such as http://localhost:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http", "not grpc and not http/protobuf")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "hush", "no list such as name=value,name=value")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "api-key=hush\nhush", "no list such as name=value,name=value")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "a=b,hush", "no list such as name=value,name=value")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "no whole number from 1")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "0", "no whole number from 1")]
    public void A_variable_that_cannot_be_read_is_named_without_its_value(string key, string value, string said)
    {
        var errors = Errors(($"{Prefix}ENDPOINT", Collector), (key, value));

        Assert.Equal([$"{key} is {said}"], errors);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b,x-other=1")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example:4317/base")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]
    [InlineData("OTEL_BSP_MAX_QUEUE_SIZE", "512")]
    public void A_right_one_is_taken(string key, string value) =>
        Assert.Empty(Errors(($"{Prefix}ENDPOINT", Collector), (key, value)));

    [Fact]
    public void A_queue_smaller_than_a_batch_is_named() =>
        Assert.NotEmpty(Errors(($"{Prefix}ENDPOINT", Collector), ("OTEL_BSP_MAX_QUEUE_SIZE", "10")));

    [Fact]
    public async Task An_export_that_fails_is_said_once_in_one_line_without_credentials()
    {
        var builder = Host.CreateApplicationBuilder();
        var address = $"http://127.0.0.1:{SiloProcess.FreePort()}";
        builder.Configuration.AddInMemoryCollection(
        [
            new($"{Prefix}ENDPOINT", address.Replace("127", "user:hush@127", StringComparison.Ordinal)),
            new($"{Prefix}PROTOCOL", "http/protobuf"),
            new("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ]);
        using var lines = new CollectedLines();
        builder.Logging.ClearProviders().AddProvider(lines);
        builder.AddServiceDefaults();
        using var host = builder.Build();
        host.BeginTelemetry();
        var tracer = host.Services.GetRequiredService<TracerProvider>().GetTracer(Pipeline.Telemetry.ClickTelemetry.Name);

        await Poll.UntilAsync(
            () =>
            {
                tracer.StartActiveSpan("consume", SpanKind.Consumer).Dispose();
                return Task.FromResult(lines.Count > 0);
            },
            () => "No line.",
            TimeSpan.FromSeconds(30));

        var line = Assert.Single(lines.All);
        Assert.StartsWith("Telemetry is not exported: ", line, StringComparison.Ordinal);
        Assert.Contains(address, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain("hush", line, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Errors(params (string Key, string Value)[] configured) => TelemetrySettings.Check(
        new ConfigurationBuilder()
            .AddInMemoryCollection(configured
                .GroupBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(key => KeyValuePair.Create(key.Key, (string?)key.Last().Value)))
            .Build())
        .Select(error => error.Message);

    private sealed class CollectedLines : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public int Count => All.Count;

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) =>
            categoryName.EndsWith(nameof(ExportFailures), StringComparison.Ordinal)
                ? this
                : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
