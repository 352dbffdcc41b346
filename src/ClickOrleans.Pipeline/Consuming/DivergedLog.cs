namespace ClickOrleans.Pipeline.Consuming;

/// <summary>A partition that is stopped because its log went back, in words for an operator.</summary>
public static class DivergedLog
{
    /// <param name="divergedOffset">Here, at the latest, the log is another than what was read.</param>
    /// <param name="nextOffset">The store's offset.</param>
    /// <param name="endOffset">The log's end now.</param>
    public static string Describe(int partition, long divergedOffset, long nextOffset, long endOffset)
    {
        var differs = $"The log went back: it differs from what was stored from offset {divergedOffset} on at the latest";
        var adopt = $"To read it again from there on: adopt-log --partition {partition}";
        return endOffset < nextOffset
            ? $"{differs}, and ends at offset {endOffset}, before the stored offset {nextOffset}. {adopt}"
            : $"{differs}. {adopt}. To go on at the stored offset {nextOffset}, without what the log holds before it: " +
              $"accept-loss --partition {partition}";
    }

    internal static string DescribeShort(int partition, long nextOffset, long endOffset) =>
        $"The log went back: it ends at offset {endOffset}, before the stored offset {nextOffset}. " +
        $"To read it again from where it differs: adopt-log --partition {partition}";
}
