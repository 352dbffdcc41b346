using System.Globalization;
using ClickOrleans.Pipeline.Control;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace ClickOrleans.ServiceDefaults;

/// <summary>
/// The exporter's environment variables, checked at start: the SDK ignores some that it cannot read and fails late on others
/// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). No value is repeated: headers hold tokens.
/// </summary>
internal static class TelemetrySettings
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    private static readonly string[] Signals = ["", "TRACES_", "METRICS_", "LOGS_"];

    private static readonly string[] Numbers =
    [
        .. Signals.Select(signal => $"{Prefix}{signal}TIMEOUT"),
        "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_EXPORT_TIMEOUT", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
        "OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BLRP_EXPORT_TIMEOUT", "OTEL_BLRP_MAX_QUEUE_SIZE", "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
        "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_TIMEOUT",
    ];

    public static IEnumerable<ValidationError> Check(IConfiguration configuration)
    {
        foreach (var signal in Signals)
        {
            if (Given($"{Prefix}{signal}ENDPOINT", IsAddress, "no address such as http://localhost:4317") is { } address)
            {
                yield return address;
            }

            if (Given($"{Prefix}{signal}PROTOCOL", IsProtocol, "not grpc and not http/protobuf") is { } protocol)
            {
                yield return protocol;
            }

            if (Given($"{Prefix}{signal}HEADERS", AreHeaders, "no list such as name=value,name=value") is { } headers)
            {
                yield return headers;
            }
        }

        foreach (var number in Numbers)
        {
            if (Given(number, IsPositive, "no whole number from 1") is { } error)
            {
                yield return error;
            }
        }

        foreach (var processor in new[] { "BSP", "BLRP" })
        {
            if (Number($"OTEL_{processor}_MAX_EXPORT_BATCH_SIZE", 512) > Number($"OTEL_{processor}_MAX_QUEUE_SIZE", 2048))
            {
                yield return new ValidationError(
                    $"OTEL_{processor}_MAX_EXPORT_BATCH_SIZE", $"is more than OTEL_{processor}_MAX_QUEUE_SIZE");
            }
        }

        ValidationError? Given(string key, Func<string, bool> isRight, string otherwise) =>
            configuration[key] is not { } text || string.IsNullOrWhiteSpace(text) || isRight(text)
                ? null
                : new ValidationError(key, $"is {otherwise}");

        int Number(string key, int otherwise) =>
            int.TryParse(configuration[key], CultureInfo.InvariantCulture, out var number) ? number : otherwise;
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0;

    private static bool IsProtocol(string text) => text is "grpc" or "http/protobuf";

    private static bool IsPositive(string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number > 0;

    /// <summary>Whether the exporter itself can use them.</summary>
    private static bool AreHeaders(string text)
    {
        // The exporter would take a line break, and fail with each request.
        if (text.Trim().Any(char.IsControl))
        {
            return false;
        }

        try
        {
            new OtlpTraceExporter(new OtlpExporterOptions { Headers = text }).Dispose();
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }
}
