using System.Text;

namespace ClickOrleans.Conformance.Log;

/// <summary>A copy of a message that was visited.</summary>
public sealed record CollectedMessage(long Offset, DateTime AppendedAt, byte[]? Key, byte[]? Value)
{
    public string? KeyText => Key is null ? null : Encoding.UTF8.GetString(Key);

    public string? ValueText => Value is null ? null : Encoding.UTF8.GetString(Value);
}
