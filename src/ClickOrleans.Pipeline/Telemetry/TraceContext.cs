using System.Diagnostics;
using System.Text;

namespace ClickOrleans.Pipeline.Telemetry;

/// <summary>A span's context as text: W3C Trace Context (https://www.w3.org/TR/trace-context/).</summary>
public static class TraceContext
{
    public const string ParentName = "traceparent";
    public const string StateName = "tracestate";

    /// <summary>Version 00 has 55 characters; a later version may have more, and is read as far as 00 goes.</summary>
    private const int LongestParent = 128;

    /// <summary>Beyond 512 characters a state may be dropped (section 3.3.1.5).</summary>
    private const int LongestState = 512;

    /// <summary>The context to hand on; null where the span is not recorded, or there is none.</summary>
    public static string? ParentOf(Activity? span) =>
        span is { Recorded: true, IdFormat: ActivityIdFormat.W3C } ? span.Id : null;

    /// <summary>Reads headers that anybody may have written. What is malformed is no context.</summary>
    /// <param name="state">Empty where there is none; one that is too long is left out.</param>
    public static bool TryRead(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> state, out ActivityContext context)
    {
        context = default;
        return parent.Length is > 0 and <= LongestParent
            && Ascii.IsValid(parent)
            && TryRead(
                Encoding.ASCII.GetString(parent),
                state.Length is > 0 and <= LongestState && Ascii.IsValid(state) ? Encoding.ASCII.GetString(state) : null,
                out context);
    }

    public static bool TryRead(string? parent, string? state, out ActivityContext context) =>
        ActivityContext.TryParse(parent, state, isRemote: true, out context)

        // Which does not look at what stands between the parts.
        && parent is [_, _, '-', ..] && parent[35] == '-' && parent[52] == '-'
        && context.TraceId != default && context.SpanId != default;
}
