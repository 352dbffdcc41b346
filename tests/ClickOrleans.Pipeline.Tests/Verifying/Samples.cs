using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.Tests.Verifying;

/// <summary>Clicks, messages and audited records of one partition.</summary>
internal static class Samples
{
    public static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    public static Click ClickAt(long offset) =>
        new($"user{offset % 3}", Noon.AddSeconds(offset), $"/{offset % 2}", "NL", "Utrecht", "Firefox", "Linux", "desktop");

    public static byte[] Value(long offset) => ClickEncoder.Encode(ClickAt(offset));

    public static RawMessage Message(long offset, byte[]? value) => new(offset, Noon, null, value, new(offset, null, 0));

    public static AuditedRecord Stored(long offset, Click? click = null, bool isRetried = false) =>
        new(offset, click ?? ClickAt(offset), null, IsDeadLetter: false, IsDiscarded: false, isRetried);

    public static AuditedRecord Dead(long offset, byte[]? payload, bool isDiscarded = false) =>
        new(offset, null, payload, IsDeadLetter: true, isDiscarded, IsRetried: false);

    public static AuditedPartition Partition(LogIdentity log, long start, long next, long? storedRows = null, long folded = 0) =>
        new(1, log.Topic, log.TopicId, 0, start, next, folded, next - start, 0, storedRows ?? next - start);
}
