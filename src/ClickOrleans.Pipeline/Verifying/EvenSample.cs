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
    /// <param name="phase">
    /// From 0 to 1: where the first run begins, as a part of the distance between two, so that not the same offsets are taken
    /// always.
    /// </param>
    public static IEnumerable<OffsetRange> Of(OffsetRange whole, long total, long sample, double phase = 0)
    {
        if (whole.IsEmpty)
        {
            yield break;
        }

        var stride = sample == 0 || total <= sample ? Run : Run * (long)Math.Ceiling((double)total / sample);
        var shift = stride == Run ? 0 : (long)(phase * stride);
        for (var start = whole.Start + shift - (shift > 0 ? stride : 0); start < whole.End; start += stride)
        {
            var range = new OffsetRange(Math.Max(start, whole.Start), Math.Min(start + Run, whole.End));
            if (!range.IsEmpty)
            {
                yield return range;
            }
        }
    }
}
