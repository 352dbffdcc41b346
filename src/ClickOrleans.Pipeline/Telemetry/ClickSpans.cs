using System.Diagnostics;

namespace ClickOrleans.Pipeline.Telemetry;

/// <summary>The spans of a click's way, one for each batch, run or request. Null while nobody listens.</summary>
/// <remarks>
/// Attributes by OpenTelemetry's semantic conventions for messaging and databases
/// (https://opentelemetry.io/docs/specs/semconv/messaging/, .../database/).
/// </remarks>
public static class ClickSpans
{
    public const string Publish = "clickstream publish";
    public const string Process = "clickstream process";
    public const string Fold = "fold";
    public const string Index = "index bulk";

    /// <summary>Messages are appended to the log together.</summary>
    public static Activity? StartPublish(string system, string topic, int messages)
    {
        var span = ClickTelemetry.Source.StartActivity(Publish, ActivityKind.Producer);
        return Describe(span, system, topic, "publish", "send", messages);
    }

    /// <summary>A batch of one partition is decoded and stored.</summary>
    /// <param name="begun">When its first message was read.</param>
    public static Activity? StartProcess(
        string system, string topic, int partition, int messages, TraceOrigins origins, DateTimeOffset begun)
    {
        var span = ClickTelemetry.Source.StartActivity(
            Process, ActivityKind.Consumer, origins.Parent, tags: null, origins.Links, begun);
        span?.SetTag("messaging.destination.partition.id", $"{partition}");
        return Describe(span, system, topic, "process", "process", messages);
    }

    /// <summary>The folding of one run. What asked for the run is a link: the trace goes on with the clicks.</summary>
    public static Activity? StartFold(TraceOrigins origins)
    {
        var asked = Activity.Current;
        if (asked is { Recorded: true } && origins.Parent != default)
        {
            return ClickTelemetry.Source.StartActivity(
                Fold, ActivityKind.Internal, origins.Parent, tags: null, origins.Links.Append(new ActivityLink(asked.Context)));
        }

        return ClickTelemetry.Source.StartActivity(Fold, ActivityKind.Internal, origins.Parent, tags: null, origins.Links);
    }

    /// <summary>
    /// Documents are sent to the index together. Internal: an index behind a network has a client span for each request.
    /// </summary>
    public static Activity? StartIndex(string system, int documents) =>
        ClickTelemetry.Source.StartActivity(Index, ActivityKind.Internal)
            ?.SetTag("db.system.name", system)
            .SetTag("db.operation.name", "bulk")
            .SetTag("db.operation.batch.size", documents);

    /// <summary>Says that it failed, by the exception's type: its message may hold what nobody should read.</summary>
    public static void Fail(this Activity? span, Exception exception) =>
        span?.SetTag("error.type", exception.GetType().FullName).SetStatus(ActivityStatusCode.Error);

    private static Activity? Describe(Activity? span, string system, string topic, string name, string type, int messages) => span
        ?.SetTag("messaging.system", system)
        .SetTag("messaging.destination.name", topic)
        .SetTag("messaging.operation.name", name)
        .SetTag("messaging.operation.type", type)
        .SetTag("messaging.batch.message_count", messages);
}
