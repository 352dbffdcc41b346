using Microsoft.Extensions.Logging;

namespace ClickOrleans.Kafka;

/// <summary>
/// Passes everything on, and remembers the last error of a librdkafka client: its connections fail in the background, and who
/// waits for them is told no more than that the time is over.
/// </summary>
internal sealed class ClientLog(ILogger inner, TimeProvider time) : ILogger
{
    /// <summary>An older error has passed, or would have been logged again.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(30);

    private Entry? _last;

    /// <summary>Null where there was none of late.</summary>
    public string? LastError =>
        Volatile.Read(ref _last) is { } last && time.GetElapsedTime(last.At) < Recent ? last.Text : null;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        inner.Log(logLevel, eventId, state, exception, formatter);

    /// <param name="text">As librdkafka wrote it: <c>[thrd:host:9092/bootstrap]: host:9092/bootstrap: Connect to ...</c>.</param>
    public void Remember(string? text)
    {
        if (text is { Length: > 0 })
        {
            Volatile.Write(ref _last, new(time.GetTimestamp(), WithoutThread(text)));
        }
    }

    private static string WithoutThread(string text) =>
        text.StartsWith("[thrd:", StringComparison.Ordinal) && text.IndexOf("]: ", StringComparison.Ordinal) is var end and > 0
            ? text[(end + "]: ".Length)..]
            : text;

    private sealed record Entry(long At, string Text);
}
