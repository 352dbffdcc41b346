namespace ClickOrleans.Grains.Pipelines;

/// <summary>
/// A set of equal grains 0..n-1: asks each that should run to run, stops those that should not any more, and keeps what they
/// last said. Whatever one says, at its end too, is heard. One that fails is reported and asked again after a while; one that
/// does not
/// answer is reported and not asked again before it has: neither holds up the others.
/// </summary>
internal sealed class GrainSet<TReport>(
    string what, Func<int, Task<TReport>> stop, Action<TReport> heard, TimeProvider time)
    where TReport : class
{
    /// <summary>Once per silence: letting go of partitions takes its time.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    /// <summary>A grain lost with its silo is asked for again within this, whatever went wrong before.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly SortedDictionary<int, Worker> _workers = [];

    public IEnumerable<TReport> Reports => _workers.Values.Select(worker => worker.Report).OfType<TReport>();

    /// <summary>
    /// Those at work first, so that they let go of what is dealt to others now; then those that are new.
    /// </summary>
    public async Task EnsureAsync(int count, Func<int, Task<TReport>> ensure, List<string> errors)
    {
        var gone = _workers.Keys.Where(index => index >= count).ToList();
        foreach (var index in gone)
        {
            // Whatever it was asked before and however it failed, it is told to stop.
            _workers[index] = new Worker();
        }

        await AskAsync(gone, stop, errors);
        gone.ForEach(index => _workers.Remove(index));
        await AskAsync([.. _workers.Keys], ensure, errors);
        await AskAsync([.. Enumerable.Range(0, count).Except(_workers.Keys)], ensure, errors);
    }

    private async Task AskAsync(IReadOnlyList<int> indexes, Func<int, Task<TReport>> ask, List<string> errors)
    {
        var asked = new List<Task>();
        foreach (var index in indexes)
        {
            if (!_workers.TryGetValue(index, out var worker))
            {
                _workers[index] = worker = new Worker();
            }

            if (worker.Asked is not { IsCompleted: false } && time.GetElapsedTime(worker.FailedAt) >= worker.Pause)
            {
                worker.Asked = ask(index);
                asked.Add(HearAsync(worker, worker.Asked));
            }
        }

        await Task.WhenAll(asked);
        errors.AddRange(indexes
            .Where(index => _workers[index].Error is not null)
            .Select(index => $"{what} {index}: {_workers[index].Error}"));
    }

    private async Task HearAsync(Worker worker, Task<TReport> answer)
    {
        try
        {
            worker.Report = await answer.WaitAsync(Timeout, time);
            worker.Error = null;
            worker.Pause = TimeSpan.Zero;
            heard(worker.Report);
        }
        catch (TimeoutException) when (!answer.IsCompleted)
        {
            worker.Error = "no answer yet";
            answer.Ignore();
        }
        catch (Exception exception)
        {
            worker.Error = ErrorText.Of(exception);
            worker.FailedAt = time.GetTimestamp();
            var longer = worker.Pause == TimeSpan.Zero ? FirstPause : worker.Pause * 2;
            worker.Pause = longer < LongestPause ? longer : LongestPause;
        }
    }

    private sealed class Worker
    {
        public TReport? Report { get; set; }

        public Task<TReport>? Asked { get; set; }

        public string? Error { get; set; }

        public long FailedAt { get; set; }

        public TimeSpan Pause { get; set; }
    }
}
