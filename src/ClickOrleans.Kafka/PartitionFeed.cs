using ClickOrleans.Kafka.Native;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>
/// A partition's messages from a consumer that it shares with other partitions. Where many messages wait it is fetched only
/// during its turn; at the end of the log it needs none. Used by one caller at a time.
/// </summary>
/// <param name="takesTurns">False for a second look: who has a turn may wait for it.</param>
internal sealed class PartitionFeed(
    KafkaConsumers consumers, LogIdentity identity, int partition, bool takesTurns, TimeProvider time) : IAsyncDisposable
{
    /// <summary>After how many messages it gives way to others that wait.</summary>
    private const int Share = 50_000;

    /// <summary>How long a consumer may fetch nothing although the log holds messages.</summary>
    private static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(10);

    /// <summary>How long no message may come in a turn: what comes then is not many.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _closing = new();
    private ConsumedPartition? _source;
    private ConsumedPartition? _left;
    private Task _stopped = Task.CompletedTask;
    private Task? _awaitedTurn;
    private bool _hasTurn;
    private bool _needsTurn;
    private bool _closed;
    private int _taken;
    private long _takenAt;
    private long? _silentSince;

    public FetchedMessages Fetched { get; } = new();

    /// <summary>Completes when <see cref="TryFetch"/> may have messages. To be taken before it is called.</summary>
    public Task Arrival => _source?.Queue.Arrivals.Next ?? (_stopped.IsCompleted ? _awaitedTurn ?? Task.CompletedTask : _stopped);

    /// <summary>Takes over messages; only where there are none left.</summary>
    /// <param name="offset">Where to begin if it is not being fetched.</param>
    public bool TryFetch(long offset)
    {
        if (_source is null && !TryStart(offset))
        {
            return false;
        }

        if (!Fetched.TryFetch(_source!.Queue))
        {
            if (time.GetElapsedTime(_takenAt) > Idle)
            {
                GiveTurnBack();
            }

            return false;
        }

        _takenAt = time.GetTimestamp();
        _silentSince = null;
        _source.Received();
        _taken += Fetched.Count;
        if (takesTurns && Fetched.Count == FetchedMessages.Most && !MayGoOn())
        {
            GiveWay();
        }

        return true;
    }

    /// <summary>Whether no message has come for too long, although the log is known to hold some.</summary>
    /// <param name="offset">Of the next message.</param>
    public bool IsSilent(long offset)
    {
        if (_source is null || !consumers.HasBacklog(partition, offset, 0))
        {
            _silentSince = null;
            return false;
        }

        _silentSince ??= time.GetTimestamp();
        return time.GetElapsedTime(_silentSince.Value) > MostSilence;
    }

    /// <summary>Runs what librdkafka has put aside for the application's thread.</summary>
    public void Serve() => _source?.Serve();

    /// <summary>Says that the end of the log was reached.</summary>
    public void ReachedEnd()
    {
        if (_source is not null)
        {
            GiveTurnBack();
        }
    }

    /// <summary>Says that the consumer has reported a fault.</summary>
    public void Suspect(KafkaException fault) => _source?.Suspect(fault);

    public async ValueTask DisposeAsync()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        Fetched.DestroyAll();
        await _closing.CancelAsync();
        if (_awaitedTurn is { } awaited)
        {
            await awaited.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _hasTurn |= awaited.IsCompletedSuccessfully;
        }

        if (_source is not null)
        {
            Leave();
        }

        await _stopped;
        Release();
        GiveTurnBack();
        _closing.Dispose();
    }

    private bool TryStart(long offset)
    {
        if (!_stopped.IsCompleted)
        {
            return false;
        }

        if (_left is not null)
        {
            // What it took along when it gave way is read.
            Release();
            GiveTurnBack();
        }

        if (takesTurns && !_hasTurn && !TryTakeTurn(offset))
        {
            return false;
        }

        _needsTurn = false;
        _taken = 0;
        _takenAt = time.GetTimestamp();
        _source = consumers.Start(identity, partition, offset);
        return true;
    }

    private bool TryTakeTurn(long offset)
    {
        if (_awaitedTurn is null)
        {
            if (!_needsTurn && !consumers.HasBacklog(partition, offset, FetchedMessages.Most))
            {
                return true;
            }

            _awaitedTurn = consumers.Turns.TakeAsync(_closing.Token);
        }

        if (!_awaitedTurn.IsCompletedSuccessfully)
        {
            return false;
        }

        _awaitedTurn = null;
        return _hasTurn = true;
    }

    private bool MayGoOn() => _hasTurn
        ? _taken < Share || !consumers.Turns.AreWanted
        : _hasTurn = consumers.Turns.TryTake();

    /// <summary>Stops fetching and takes what is there along; a turn it has ends when that is read.</summary>
    private void GiveWay()
    {
        Fetched.FetchRest(_source!.Queue);
        _needsTurn = true;
        Leave();
    }

    private void Leave()
    {
        (_left, _source) = (_source, null);
        _stopped = _left!.StopAsync();
    }

    /// <summary>The client must not end before the last of its messages.</summary>
    private void Release()
    {
        if (_left is not null)
        {
            consumers.Release(_left);
            _left = null;
        }
    }

    private void GiveTurnBack()
    {
        if (_hasTurn)
        {
            _hasTurn = false;
            consumers.Turns.GiveBack();
        }
    }
}
