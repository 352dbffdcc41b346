using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Producing;

/// <summary>Produces fake clicks onto the log at a rate, keyed by their visitor.</summary>
/// <remarks>
/// A chunk that the log did not acknowledge may be in the log all the same. It is sent again as it is, after a pause, for as long
/// as it takes: its clicks have event ids, by which the consumer recognises the repeat.
/// </remarks>
public sealed class ProducerWorker(IClickLog log, IClickSource source, StageContext context, ILogger<ProducerWorker> logger)
{
    private const int LargestChunk = 5_000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);

    /// <summary>No wait is longer, so that a change of the rate is soon noticed.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    private double _ratePerSecond;
    private long _produced;
    private volatile string? _lastError;

    /// <summary>How many clicks are produced per second; may be changed at any time by any thread.</summary>
    /// <value>Default: what the worker was made with; 0 = as many as the log takes.</value>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not a number.</exception>
    public double RatePerSecond
    {
        get => Volatile.Read(ref _ratePerSecond);
        set
        {
            if (!double.IsFinite(value) || value < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "A rate is a number of clicks per second, or 0.");
            }

            Volatile.Write(ref _ratePerSecond, value);
        }
    }

    /// <summary>How many clicks the log acknowledged.</summary>
    public long Produced => Interlocked.Read(ref _produced);

    /// <summary>Why the last append failed; null once one succeeded again.</summary>
    public string? LastError => _lastError;

    /// <summary>Produces on the context's scheduler until cancelled, then returns.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => context.RunAsync(() => ProduceAsync(cancellationToken));

    private async Task ProduceAsync(CancellationToken cancellationToken)
    {
        var pacer = new Pacer(context.Time);
        var backoff = new Backoff(FirstBackoff, LongestBackoff, context.Random);
        var chunk = new Chunk(new MessageChunk());
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var rate = RatePerSecond;
                var count = CountDue(pacer, rate, out var wait);
                if (count == 0)
                {
                    await Task.Delay(wait, context.Time, cancellationToken);
                    continue;
                }

                if (!chunk.IsPending)
                {
                    chunk = Make(chunk, count);
                }

                var acknowledged = await AppendAsync(chunk, cancellationToken);
                Interlocked.Add(ref _produced, acknowledged);
                ClickMetrics.Produced.Add(acknowledged);
                pacer.Take(rate > 0 ? acknowledged : 0);
                if (_lastError is null)
                {
                    backoff.Reset();
                }
                else
                {
                    await Task.Delay(backoff.Next(), context.Time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private static int CountDue(Pacer pacer, double rate, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        var due = pacer.Due(rate);
        if (rate == 0)
        {
            return LargestChunk;
        }

        var enough = Math.Clamp(rate * Step.TotalSeconds, 1, LargestChunk);
        if (due >= enough)
        {
            return (int)Math.Min(due, LargestChunk);
        }

        // In whole milliseconds, which is what a delay can be.
        var milliseconds = Math.Ceiling((enough - due) / rate * 1000);
        wait = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 1, LongestStep.TotalMilliseconds));
        return 0;
    }

    private Chunk Make(Chunk last, int count)
    {
        // The log may still be reading the memory of one that failed.
        var memory = last.HasFailed ? new MessageChunk() : last.Memory;
        memory.Clear();
        for (var number = 0; number < count; number++)
        {
            memory.Add(source.Next() with { EventId = EventIds.Draw(context.Random) });
        }

        return new Chunk(memory) { Messages = memory.Messages() };
    }

    /// <summary>Returns how many more were acknowledged; where it is not all of them, the last error says why.</summary>
    private async Task<int> AppendAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        try
        {
            await log.AppendAsync(chunk.Messages, cancellationToken);
        }
        catch (Exception exception)
        {
            if (_lastError is null && !cancellationToken.IsCancellationRequested)
            {
                logger.AppendFailed(exception, chunk.Messages.Count, log.Topic);
            }

            _lastError = exception.Message;
            chunk.HasFailed = true;
            return exception is LogAppendException partly ? chunk.Acknowledge(partly.Total - partly.Failed) : 0;
        }

        if (_lastError is not null)
        {
            _lastError = null;
            logger.AppendRecovered(log.Topic);
        }

        return chunk.Acknowledge(chunk.Messages.Count);
    }

    /// <summary>Messages that are sent until the log has acknowledged all of them at once.</summary>
    private sealed class Chunk(MessageChunk memory)
    {
        private int _acknowledged;

        public MessageChunk Memory => memory;

        public IReadOnlyList<LogMessage> Messages { get; init; } = [];

        public bool HasFailed { get; set; }

        public bool IsPending => _acknowledged < Messages.Count;

        /// <returns>How many more than before.</returns>
        public int Acknowledge(int count)
        {
            var more = Math.Max(0, count - _acknowledged);
            _acknowledged += more;
            return more;
        }
    }
}
