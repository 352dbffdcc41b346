using System.Diagnostics;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Sqlite.Log;

/// <summary>Messages that wait for the transaction that will hold them.</summary>
/// <param name="span">The span in which they are appended, if there is one.</param>
internal sealed class PendingAppend(IReadOnlyList<LogMessage> messages, Activity? span)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<LogMessage> Messages { get; } = messages;

    /// <summary>Null where the span is not recorded.</summary>
    public string? Traceparent { get; } = TraceContext.ParentOf(span);

    public string? Tracestate { get; } = span?.TraceStateString;

    public Task Done => _done.Task;

    public void Succeed() => _done.SetResult();

    public void Fail(Exception reason) =>
        _done.SetException(new LogAppendException(Messages.Count, Messages.Count, reason.Message, reason));
}
