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
    /// <returns>False if it is as large as it may be.</returns>
    public bool Grow() => Resize(Math.Min(largest, Size + _step));

    /// <summary>A batch was pushed back, wholly or in part.</summary>
    /// <returns>False if it is as small as it may be.</returns>
    public bool Shrink() => Resize(Math.Max(smallest, Size / 2));

    private bool Resize(int size)
    {
        var isChanged = size != Size;
        Size = size;
        return isChanged;
    }
}
