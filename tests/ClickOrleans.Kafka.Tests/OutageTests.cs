using System.Diagnostics;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Conformance.Log;
using ClickOrleans.Testing.Servers;
using static ClickOrleans.Conformance.Log.LogTestExtensions;

namespace ClickOrleans.Kafka.Tests;

/// <summary>The server is killed and started again; each test has its own.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    /// <summary>
    /// Far more than a cancelled call needs on a busy machine, far less than any timeout of ours or of librdkafka.
    /// </summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);

    private TestServer _server = null!;
    private KafkaBench _bench = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.KafkaAsync();
        _bench = new(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Reading_and_appending_go_on_after_the_server_was_killed_and_started_again()
    {
        var log = _bench.Log(KafkaBench.NewTopic());
        var identity = await log.OpenAsync();
        await log.AppendAsync(Message("a", "before"));
        var reading = ReadThroughOutagesAsync(log, identity, 3);

        await _server.KillAsync();
        var appended = log.AppendAsync(Message("a", "during"));
        Assert.False(appended.IsCompleted);
        await _server.StartAsync();
        await appended.WaitAsync(TestTimeout, Cancellation);
        await log.AppendAsync(Message("a", "after"));

        var read = await reading.WaitAsync(TestTimeout, Cancellation);
        Assert.Equal(["before", "during", "after"], read.Select(message => message.ValueText));
        Assert.Equal([0L, 1, 2], read.Select(message => message.Offset));
        Assert.Equal(identity, await log.OpenAsync());
    }

    [Fact]
    public async Task A_reader_that_waits_through_an_outage_tells_of_it()
    {
        var log = _bench.Log(KafkaBench.NewTopic());
        var identity = await log.OpenAsync();
        await using var reader = log.OpenReader(identity, 0, 0);
        await reader.ReadAsync(new MessageCollector());

        await _server.KillAsync();

        await reader.ReadUntilThrownAsync<Confluent.Kafka.KafkaException>(new MessageCollector());
    }

    [Fact]
    public async Task Cancelled_calls_end_soon_while_the_server_is_away()
    {
        var log = _bench.Log(KafkaBench.NewTopic());
        var identity = await log.OpenAsync();
        await log.AppendAsync(Message("a", "1"));
        await _server.KillAsync();
        await using var reader = log.OpenReader(identity, 0, 0);

        await EndsSoon(token => log.AppendAsync([Message("a", "2")], token));
        await EndsSoon(token => log.GetOffsetsAsync(0, token));
        await EndsSoon(token => log.OpenAsync(token));
        await EndsSoon(token => reader.ReadAsync(new MessageCollector(), TimeSpan.FromMinutes(10), token).AsTask());

        var closing = Stopwatch.StartNew();
        await reader.DisposeAsync();
        Assert.True(closing.Elapsed < Soon, $"Closing a reader took {closing.Elapsed}.");
    }

    [Fact]
    public async Task An_append_that_is_open_when_the_log_is_closed_fails()
    {
        var log = _bench.Log(KafkaBench.NewTopic());
        await log.OpenAsync();
        await log.AppendAsync(Message("a", "1"));
        await _server.KillAsync();
        var appending = log.AppendAsync(Message("a", "2"));

        await log.DisposeAsync();

        var thrown = await Assert.ThrowsAsync<LogAppendException>(() => appending.WaitAsync(TestTimeout, Cancellation));
        Assert.Equal(1, thrown.Failed);
    }

    [Fact]
    public async Task A_log_that_is_opened_while_the_server_is_away_fails_and_can_be_opened_later()
    {
        var log = _bench.Log(KafkaBench.NewTopic());
        await _server.KillAsync();

        await Assert.ThrowsAnyAsync<Confluent.Kafka.KafkaException>(() => log.OpenAsync());

        await _server.StartAsync();
        var waited = Stopwatch.StartNew();
        LogIdentity? identity = null;
        while (identity is null)
        {
            Assert.True(waited.Elapsed < TestTimeout, "The log could not be opened.");
            try
            {
                identity = await log.OpenAsync();
            }
            catch (Confluent.Kafka.KafkaException)
            {
                // The server is still coming up.
            }
        }
    }

    private static async Task EndsSoon(Func<CancellationToken, Task> call)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = call(cancellation.Token);
        var ending = new Stopwatch();
        using var cancelled = cancellation.Token.Register(ending.Start);
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(200));

        var thrown = await Record.ExceptionAsync(() => running.WaitAsync(TestTimeout, Cancellation));

        // Some calls may have failed by themselves before.
        Assert.True(thrown is OperationCanceledException or Confluent.Kafka.KafkaException, $"It ended with {thrown}.");
        Assert.True(ending.Elapsed < Soon, $"It took {ending.Elapsed} to end.");
    }

    /// <summary>As the pipeline does: after any exception but those that name a fault, a reader is opened anew.</summary>
    private static async Task<List<CollectedMessage>> ReadThroughOutagesAsync(KafkaClickLog log, LogIdentity identity, int count)
    {
        var read = new List<CollectedMessage>();
        var waited = Stopwatch.StartNew();
        while (read.Count < count)
        {
            await using var reader = log.OpenReader(identity, 0, read.Count);
            try
            {
                while (read.Count < count)
                {
                    Assert.True(waited.Elapsed < TestTimeout, $"Only {read.Count} messages came.");
                    var collector = new MessageCollector();
                    await reader.ReadAsync(collector);
                    read.AddRange(collector.Messages);
                }
            }
            catch (Confluent.Kafka.KafkaException)
            {
                // An outage: a reader anew.
            }
        }

        return read;
    }
}
