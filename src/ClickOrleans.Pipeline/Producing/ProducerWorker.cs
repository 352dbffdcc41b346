using System.Diagnostics;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Pipeline.Producing;

/// <summary>Produces fake clicks onto the log at a rate, keyed by their visitor.</summary>
/// <remarks>
/// A chunk that the log did not take is dropped, not sent again: it may be in the log after all, and fake clicks are easily had. The
/// worker backs off and goes on by itself, for as long as it takes.
/// </remarks>
public sealed partial class ProducerWorker(
    IClickLog log, IClickSource source, TimeProvider time, ILogger<ProducerWorker>? logger = null, Random? jitter = null)
{
    private const int LargestChunk = 5_000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);

    /// <summary>No wait is longer, so that a change of the rate is soon noticed.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = logger ?? NullLogger<ProducerWorker>.Instance;
    private readonly Random _jitter = jitter ?? Random.Shared;
    private double _ratePerSecond;
    private long _produced;
    private volatile string? _lastError;

    /// <summary>How many clicks are produced per second; may be changed at any time by any thread.</summary>
    /// <value>0 = as many as the log takes.</value>
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

    /// <summary>Produces until cancelled, then returns.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Off the caller's scheduler (a grain's turn): making clicks takes a core's time, and a log may answer without waiting.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        // It outlives the call that started it: each append begins a trace of its own.
        Activity.Current = null;
        var pacer = new Pacer(time);
        var backoff = new Backoff(FirstBackoff, LongestBackoff, _jitter);
        var chunk = new MessageChunk();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var rate = RatePerSecond;
                var count = CountDue(pacer, rate, out var wait);
                if (count == 0)
                {
                    await Task.Delay(wait, time, cancellationToken);
                    continue;
                }

                var acknowledged = await AppendAsync(chunk, count, cancellationToken);
                Interlocked.Add(ref _produced, acknowledged);
                ClickMetrics.Produced.Add(acknowledged);
                pacer.Take(rate > 0 ? acknowledged : 0);
                if (_lastError is null)
                {
                    backoff.Reset();
                }
                else
                {
                    // The log may still be reading the memory of the last one.
                    chunk = new MessageChunk();
                    await Task.Delay(backoff.Next(), time, cancellationToken);
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

    /// <summary>Returns how many were acknowledged; where it is not all of them, the last error says why.</summary>
    private async Task<int> AppendAsync(MessageChunk chunk, int count, CancellationToken cancellationToken)
    {
        chunk.Clear();
        for (var number = 0; number < count; number++)
        {
            chunk.Add(source.Next());
        }

        try
        {
            await log.AppendAsync(chunk.Messages(), cancellationToken);
        }
        catch (Exception exception)
        {
            if (_lastError is null && !cancellationToken.IsCancellationRequested)
            {
                LogAppendFailed(count, exception);
            }

            _lastError = exception.Message;
            return exception is LogAppendException partly ? partly.Total - partly.Failed : 0;
        }

        if (_lastError is not null)
        {
            _lastError = null;
            LogAppendsAgain();
        }

        return count;
    }

    [LoggerMessage(1100, LogLevel.Warning, "The log did not take {Clicks} fake clicks; going on as soon as it does")]
    private partial void LogAppendFailed(int clicks, Exception exception);

    [LoggerMessage(1101, LogLevel.Information, "The log takes fake clicks again")]
    private partial void LogAppendsAgain();
}
