namespace ClickOrleans.Grains.Statistics;

/// <summary>Sums of commits by second, for the last five minutes.</summary>
internal sealed class CommitHistory(TimeProvider time)
{
    private const int Length = 300;
    private const int Window = 10;

    private readonly Slot[] _slots = new Slot[Length];

    public void Add(CommitSummary summary)
    {
        var second = Second(time.GetUtcNow());
        ref var slot = ref _slots[second % Length];
        if (slot.Second != second)
        {
            slot = new Slot { Second = second };
        }

        slot.Stored += summary.Stored;
        slot.DeadLetters += summary.DeadLetters;
    }

    public LiveStatistics Read()
    {
        // The second that is not over yet would show as a dip.
        var last = Second(time.GetUtcNow()) - 1;
        var slots = Enumerable.Range(0, Length).Select(back => At(last - (Length - 1) + back)).ToList();
        var window = slots[^Window..];
        return new LiveStatistics(
            window.Average(slot => slot.Stored),
            window.Average(slot => slot.DeadLetters),
            [.. slots.Select(slot => slot.Stored)]);
    }

    private static long Second(DateTimeOffset at) => at.ToUnixTimeSeconds();

    private Slot At(long second) => _slots[second % Length] is var slot && slot.Second == second ? slot : default;

    private struct Slot
    {
        public long Second;
        public long Stored;
        public long DeadLetters;
    }
}
