using ClickOrleans.Conformance.Log;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Testing.Servers;
using Confluent.Kafka;
using static ClickOrleans.Conformance.Log.LogTestExtensions;

namespace ClickOrleans.Kafka.Tests;

/// <summary>
/// The server is stopped in order (SIGTERM) and started again: in between it may answer with an empty ISR. Or it is silent for a
/// while.
/// </summary>
public sealed class RestartTests : IAsyncLifetime
{
    private static readonly TimeSpan QuestionInterval = TimeSpan.FromMilliseconds(50);

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
    public async Task Questions_are_answered_again_after_an_orderly_restart()
    {
        var log = _bench.Log(KafkaBench.NewTopic(), partitions: 4);
        var identity = await log.OpenAsync();
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asked = AskOnAsync(log, asking.Token);

        for (var restart = 0; restart < 2; restart++)
        {
            await _server.StopAsync();
            await _server.StartAsync();

            Assert.Equal(identity, await AnsweredAsync(log.IdentifyAsync));
            Assert.Equal(new OffsetRange(0, restart), await AnsweredAsync(token => log.GetOffsetsAsync(0, token)));
            await log.AppendAsync(Message("a", "after"));
        }

        await asking.CancelAsync();
        await asked;
    }

    [Fact]
    public async Task A_question_to_a_silent_server_fails_at_its_deadline_and_holds_up_no_later_one()
    {
        var log = _bench.Log(KafkaBench.NewTopic());
        var identity = await log.OpenAsync();
        await _server.FreezeAsync();

        var asked = log.IdentifyAsync(Cancellation).WaitAsync(TestTimeout, Cancellation);
        var outage = await Assert.ThrowsAsync<KafkaException>(() => asked);

        Assert.Equal(ErrorCode.Local_TimedOut, outage.Error.Code);
        await _server.ThawAsync();
        Assert.Equal(identity, await AnsweredAsync(log.IdentifyAsync));
    }

    [Fact]
    public async Task A_log_is_probed_by_a_client_of_its_own()
    {
        var log = _bench.Log(KafkaBench.NewTopic(), partitions: 2);
        await Assert.ThrowsAsync<LogMissingException>(() => log.ProbeEndsAsync([0], Cancellation));
        await log.OpenAsync();
        await log.AppendAsync(Message("a", "1"), Message("a", "2"));

        var ends = await AnsweredAsync(token => log.ProbeEndsAsync([0, 1], token));

        Assert.Equal([0L, 2L], ends.Values.Order());
    }

    /// <summary>Asks all the time, as a silo does, so that some questions meet the server on its way down and up.</summary>
    private static async Task AskOnAsync(KafkaClickLog log, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Record.ExceptionAsync(() => log.IdentifyAsync(cancellationToken));
            await Record.ExceptionAsync(() => Task.Delay(QuestionInterval, cancellationToken));
        }
    }

    private static async Task<T> AnsweredAsync<T>(Func<CancellationToken, Task<T>> ask)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(TestTimeout);
        while (true)
        {
            try
            {
                return await ask(timeout.Token);
            }
            catch (KafkaException)
            {
                await Task.Delay(QuestionInterval, timeout.Token);
            }
        }
    }
}
