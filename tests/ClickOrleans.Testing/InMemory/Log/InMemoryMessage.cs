using System.Diagnostics;

namespace ClickOrleans.Testing.InMemory.Log;

/// <param name="Origin">The span in which it was appended; default where none was recorded.</param>
/// <param name="LeaderEpoch">Null where the topic has no epochs.</param>
internal sealed record InMemoryMessage(
    DateTime AppendedAt, byte[]? Key, byte[]? Value, ActivityContext Origin, int? LeaderEpoch = null);
