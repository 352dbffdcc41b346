using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Kafka;

/// <summary>
/// A reader's questions whether the topic is still the log that it was opened for. Used by one caller at a time.
/// </summary>
internal sealed class TopicCheck(KafkaTopic topic, LogIdentity identity, TimeProvider time)
{
    /// <summary>How often a reader that gets no messages asks, which also tells whether the cluster is still there.</summary>
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(5);

    /// <summary>How often it then looks for the answer.</summary>
    private static readonly TimeSpan AnswerInterval = TimeSpan.FromMilliseconds(100);

    private Task<TopicState>? _answer;
    private long _answeredAt = time.GetTimestamp();

    /// <summary>Asks; an earlier question is forgotten.</summary>
    /// <param name="messages">How many messages wait for the answer.</param>
    public void Ask(int messages) => _answer = topic.AskAsync(messages);

    /// <summary>Waits for the answer to the last question.</summary>
    /// <exception cref="LogReplacedException"/>
    public async ValueTask AwaitAsync(CancellationToken cancellationToken)
    {
        var found = await _answer!.WaitAsync(cancellationToken);
        _answeredAt = time.GetTimestamp();
        Compare(found);
    }

    /// <summary>Asks from time to time, unless others have, and looks for the answer without waiting for it.</summary>
    /// <returns>In how long it is due again.</returns>
    /// <exception cref="LogReplacedException"/>
    public async ValueTask<TimeSpan> CheckIdleAsync(CancellationToken cancellationToken)
    {
        if (_answer is { IsCompleted: true })
        {
            await AwaitAsync(cancellationToken);
            _answer = null;
        }
        else if (_answer is null && topic.TryGetSince(_answeredAt, out var found, out var asked))
        {
            _answeredAt = asked;
            Compare(found);
        }

        if (_answer is null && time.GetElapsedTime(_answeredAt) >= IdleInterval)
        {
            Ask(0);
        }

        return _answer is not null ? AnswerInterval : IdleInterval - time.GetElapsedTime(_answeredAt);
    }

    private void Compare(TopicState found)
    {
        if (found.TopicId != identity.TopicId)
        {
            throw new LogReplacedException(identity, found.TopicId);
        }
    }
}
