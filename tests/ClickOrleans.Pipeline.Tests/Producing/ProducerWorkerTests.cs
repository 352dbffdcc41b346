using ClickOrleans.FakeClicks;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Producing;
using ClickOrleans.Pipeline.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Pipeline.Tests.Producing;

public sealed class ProducerWorkerTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SteppedTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ProducerWorker _worker;
    private Task _run = Task.CompletedTask;

    public ProducerWorkerTests()
    {
        var generator = new ClickGenerator(new GeneratorOptions { Visitors = 100 }, 0, _time);
        _worker = new ProducerWorker(
            _log, generator, new StageContext(_time, new Random(1), TaskScheduler.Default), NullLogger<ProducerWorker>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    [Theory]
    [InlineData(2000, 20, 40_000, 50)]
    [InlineData(666.6, 10, 6666, 17)]
    [InlineData(100_000, 3, 300_000, 2500)]
    [InlineData(400_000, 1, 400_000, 5000)]
    public async Task The_average_is_the_rate_in_chunks_of_25_ms(double rate, int seconds, int expected, int chunk)
    {
        var wait = await StartAsync(rate);

        await _time.RunAsync(wait, seconds * Second);

        Assert.InRange(_worker.Produced, expected - chunk, expected);
        Assert.Equal(_worker.Produced, _log.Messages.Count);
        Assert.InRange(_log.Chunks.Max(), chunk - 1, Math.Min(5000, 2 * chunk));
        Assert.InRange(_log.Chunks.Average(), chunk * 0.9, chunk * 1.1);
    }

    [Theory]
    [InlineData(0.5, 60, 30)]
    [InlineData(3, 10, 30)]
    public async Task Low_rates_come_one_by_one(double rate, int seconds, int expected)
    {
        var wait = await StartAsync(rate);

        await _time.RunAsync(wait, seconds * Second);

        Assert.InRange(_worker.Produced, expected - 1, expected);
        Assert.All(_log.Chunks, size => Assert.Equal(1, size));
    }

    [Fact]
    public async Task A_change_of_the_rate_is_noticed_within_a_quarter_of_a_second()
    {
        var wait = await StartAsync(0.01);
        wait = await _time.RunAsync(wait, 5 * Second);
        Assert.Equal(0, _worker.Produced);

        _worker.RatePerSecond = 1000;
        wait = await _time.RunAsync(wait, 2 * Second);
        Assert.InRange(_worker.Produced, 1700, 2000);

        var before = _worker.Produced;
        _worker.RatePerSecond = 10;
        await _time.RunAsync(wait, 2 * Second);
        Assert.InRange(_worker.Produced - before, 19, 60);
    }

    [Fact]
    public async Task After_a_stall_one_second_at_most_is_made_up_for()
    {
        var wait = await StartAsync(1000);
        wait = await _time.RunAsync(wait, Second);
        Assert.InRange(_worker.Produced, 975, 1000);

        var before = _worker.Produced;
        _time.Advance(60 * Second);
        wait = await _time.NextWaitAsync();
        Assert.InRange(_worker.Produced - before, 1000, 1025);

        await _time.RunAsync(wait, Second);
        Assert.InRange(_worker.Produced - before, 1975, 2025);
    }

    [Fact]
    public async Task A_short_stall_is_made_up_for_in_full()
    {
        var wait = await StartAsync(1000);
        await _time.RunAsync(wait, Second);

        _time.Advance(0.8 * Second);
        wait = await _time.NextWaitAsync();
        await _time.RunAsync(wait, 0.2 * Second);

        Assert.InRange(_worker.Produced, 1975, 2000);
    }

    [Fact]
    public async Task A_slow_log_does_not_lower_the_average()
    {
        _log.BeforeAppend = (number, _) =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(number % 40));
            return Task.CompletedTask;
        };
        var started = _time.GetTimestamp();
        await StartAsync(2000);

        while (_time.GetElapsedTime(started) < 10 * Second)
        {
            // The log itself may have brought the wait to its end already.
            _time.Advance(TimeSpan.FromMilliseconds(25));
            await _time.NextWaitAsync();
        }

        Assert.InRange(
            _worker.Produced,
            (_time.GetElapsedTime(started).TotalSeconds * 2000) - 200,
            _time.GetElapsedTime(started).TotalSeconds * 2000);
    }

    [Fact]
    public async Task At_rate_0_chunks_of_5000_follow_each_other_without_a_wait()
    {
        var enough = new TaskCompletionSource();
        _log.BeforeAppend = (number, cancellationToken) =>
        {
            if (number < 4)
            {
                return Task.CompletedTask;
            }

            enough.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        };

        _run = _worker.RunAsync(_stop.Token);
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(20_000, _worker.Produced);
        Assert.All(_log.Chunks, size => Assert.Equal(5000, size));
    }

    [Fact]
    public async Task What_was_made_at_rate_0_does_not_count_against_a_later_rate()
    {
        _log.BeforeAppend = (_, _) =>
        {
            _worker.RatePerSecond = 100;
            return Task.CompletedTask;
        };

        var wait = await StartAsync(0);
        await _time.RunAsync(wait, Second);

        Assert.InRange(_worker.Produced, 5097, 5100);
    }

    [Fact]
    public async Task A_failed_append_is_not_counted_and_the_worker_goes_on_by_itself()
    {
        _log.BeforeAppend = (number, _) => number is >= 2 and < 5
            ? throw new TimeoutException($"broker gone {number}")
            : Task.CompletedTask;
        var wait = await StartAsync(1000);

        wait = await _time.RunAsync(wait, TimeSpan.FromMilliseconds(75));
        Assert.Equal(50, _worker.Produced);
        Assert.Equal("broker gone 2", _worker.LastError);
        Assert.InRange(wait, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100));

        // Backs off for at most 0.1, 0.2 and 0.4 s.
        await _time.RunAsync(wait, Second);
        Assert.Null(_worker.LastError);
        Assert.InRange(_worker.Produced, 1050, 1075);
        Assert.Equal(_worker.Produced, _log.Messages.Count);
    }

    [Fact]
    public async Task A_partly_failed_append_counts_what_was_acknowledged()
    {
        _log.BeforeAppend = (number, _) => number == 0
            ? throw new LogAppendException(5, 25, "partition 1 has no leader")
            : Task.CompletedTask;
        var wait = await StartAsync(1000);

        await _time.RunAsync(wait, TimeSpan.FromMilliseconds(25));

        Assert.Equal(20, _worker.Produced);
        Assert.Contains("no leader", _worker.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_acknowledged_is_sent_again_as_it_was()
    {
        var sent = new List<string[]>();
        _log.BeforeAppend = (number, _) =>
        {
            sent.Add([.. _log.LastGiven.Select(message => Convert.ToHexString(message.Value.Span))]);
            return number switch
            {
                1 => throw new TimeoutException("gone"),
                2 => throw new LogAppendException(5, 25, "partition 1 has no leader"),
                _ => Task.CompletedTask,
            };
        };
        var wait = await StartAsync(1000);

        await _time.RunAsync(wait, 2 * Second);

        Assert.Equal(sent[1], sent[2]);
        Assert.Equal(sent[1], sent[3]);
        Assert.NotEqual(sent[3], sent[4]);
        Assert.Equal(_worker.Produced, _log.Messages.Count);
        var (decoder, clicks) = (new ClickDecoder(), new ClickColumns());
        Assert.All(_log.Messages, message => Assert.True(decoder.TryDecode(message.Value, 0, clicks, out _)));
        Assert.Equal(clicks.Count, clicks.EventIds.Distinct().Count(id => id?.Version == 4));
    }

    [Fact]
    public async Task Waits_after_failures_grow_to_ten_seconds_at_most()
    {
        _log.BeforeAppend = (_, _) => throw new TimeoutException("gone");
        var wait = await StartAsync(1000);
        for (var failure = 0; failure < 20; failure++)
        {
            Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(10));
            _time.Advance(wait);
            wait = await _time.NextWaitAsync();
        }

        Assert.InRange(wait, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
        Assert.Equal(0, _worker.Produced);
        Assert.Equal(20, _log.Appends);
    }

    [Fact]
    public async Task Memory_of_a_failed_append_is_not_written_again()
    {
        _log.BeforeAppend = (number, _) => number == 0 ? throw new TimeoutException("gone") : Task.CompletedTask;
        var wait = await StartAsync(1000);
        wait = await _time.RunAsync(wait, TimeSpan.FromMilliseconds(25));
        var before = _log.FirstGiven.Select(message => Convert.ToHexString(message.Value.Span)).ToArray();

        await _time.RunAsync(wait, Second);

        Assert.True(_worker.Produced > 0);
        Assert.Equal(before, _log.FirstGiven.Select(message => Convert.ToHexString(message.Value.Span)));
    }

    [Fact]
    public async Task The_key_is_the_user_id_and_the_value_a_click()
    {
        var wait = await StartAsync(1000);
        await _time.RunAsync(wait, Second);
        var decoder = new ClickDecoder();
        var clicks = new ClickColumns();

        foreach (var (key, value) in _log.Messages)
        {
            Assert.True(decoder.TryDecode(value, 0, clicks, out var fault), fault.Error);
            Assert.Equal(key, clicks.UserIds[^1]);
        }

        Assert.NotEmpty(_log.Messages);
    }

    [Fact]
    public async Task Cancelled_during_an_append_or_a_wait_it_returns()
    {
        var entered = new TaskCompletionSource();
        _log.BeforeAppend = (_, cancellationToken) =>
        {
            entered.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        };
        _run = _worker.RunAsync(_stop.Token);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await _stop.CancelAsync();

        await _run.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, _worker.Produced);
    }

    [Fact]
    public async Task A_log_that_answers_a_cancellation_with_another_error_does_no_harm()
    {
        _log.BeforeAppend = async (_, _) =>
        {
            await _stop.CancelAsync();
            throw new LogAppendException(25, 25, "closed");
        };
        _worker.RatePerSecond = 0;

        await _worker.RunAsync(_stop.Token).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_rate_that_is_none_is_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _worker.RatePerSecond = rate);

    private async Task<TimeSpan> StartAsync(double rate)
    {
        _worker.RatePerSecond = rate;
        _run = _worker.RunAsync(_stop.Token);
        return await _time.NextWaitAsync();
    }
}
