using System.Diagnostics;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Kafka.Native;

/// <summary>Reads the trace context out of a message's headers, which anybody may have written.</summary>
internal static unsafe class NativeHeaders
{
    public static bool TryReadOrigin(NativeMessage* message, out ActivityContext origin)
    {
        origin = default;
        nint headers;
        return Librdkafka.Headers(message, &headers) == 0
            && Last(headers, "traceparent"u8) is { Length: > 0 } parent
            && TraceContext.TryRead(parent, Last(headers, "tracestate"u8), out origin);
    }

    private static ReadOnlySpan<byte> Last(nint headers, ReadOnlySpan<byte> name)
    {
        byte* value;
        nuint size;

        // A u8 literal is followed by a zero, as C wants it.
        fixed (byte* text = name)
        {
            return Librdkafka.LastHeader(headers, text, &value, &size) == 0 && value is not null && size <= int.MaxValue
                ? new ReadOnlySpan<byte>(value, (int)size)
                : default;
        }
    }
}
