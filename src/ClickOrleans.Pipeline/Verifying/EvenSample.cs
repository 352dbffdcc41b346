using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Verifying;

/// <summary>Selects the offsets to compare: all of them, or evenly spaced runs.</summary>
internal static class EvenSample
{
    private const long Run = 5_000;

    /// <summary>
    /// Ranges of at most 5,000 offsets: all of <paramref name="whole"/>, or its share of <paramref name="sample"/> out of
    /// <paramref name="total"/>.
    /// </summary>
    /// <param name="sample">0 = all.</param>
    public static IEnumerable<OffsetRange> Of(OffsetRange whole, long total, long sample)
    {
        if (whole.IsEmpty)
        {
            yield break;
        }

        var stride = sample == 0 || total <= sample ? Run : Run * (long)Math.Ceiling((double)total / sample);
        for (var start = whole.Start; start < whole.End; start += stride)
        {
            yield return new OffsetRange(start, Math.Min(start + Run, whole.End));
        }
    }
}
