namespace ClickOrleans.Pipeline;

/// <summary>
/// A batch size that adapts to push-back as TCP's window does: additive increase, multiplicative decrease
/// (RFC 5681, section 3.1).
/// </summary>
public sealed class AdaptiveBatch(int first, int smallest, int largest)
{
    private readonly int _step = Math.Max(1, largest / 10);

    public int Size { get; private set; } = Math.Clamp(first, smallest, largest);

    /// <summary>A batch was taken as a whole.</summary>
    public void Grow() => Size = Math.Min(largest, Size + _step);

    /// <summary>A batch was pushed back, wholly or in part.</summary>
    public void Shrink() => Size = Math.Max(smallest, Size / 2);
}
