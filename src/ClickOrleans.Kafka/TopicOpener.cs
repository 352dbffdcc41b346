using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>Finds the topic; where there is none, creates it and waits until its leaders answer.</summary>
internal sealed class TopicOpener(
    KafkaOptions options, KafkaTopic topic, KafkaAdmin admin, OffsetLookups offsets, TimeProvider time, ClientLog logger)
{
    /// <summary>The largest message of a topic that we make: values of 1 MiB and their envelope.</summary>
    private const string LargestMessage = "2097152";

    /// <summary>Between two looks for a topic that was just created.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Between two questions to its leaders, which need milliseconds for each partition.</summary>
    private static readonly TimeSpan LeaderPause = TimeSpan.FromMilliseconds(250);

    /// <summary>How long leaders are waited for: from then on each partition tries by itself.</summary>
    private static readonly TimeSpan LeaderTimeout = TimeSpan.FromSeconds(30);

    public async Task<(Guid Id, int Partitions)> OpenAsync(CancellationToken cancellationToken)
    {
        var (made, isNew) = (false, false);
        while (true)
        {
            var state = await topic.AskAsync().WaitAsync(cancellationToken);
            if (state.TopicId is { } id)
            {
                if (isNew)
                {
                    await AwaitLeadersAsync(state.Partitions, cancellationToken);
                }

                return (id, state.Partitions);
            }

            isNew = true;
            if (!made)
            {
                made = await MakeAsync(cancellationToken);
            }

            // Until the brokers have heard of it, or have forgotten the one before it.
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <returns>Whether the topic was made; if not, another was faster, or a deleted one of this name is not gone yet.</returns>
    private async Task<bool> MakeAsync(CancellationToken cancellationToken)
    {
        var configuration = new Dictionary<string, string> { ["max.message.bytes"] = LargestMessage };
        var made = await admin.CreateAsync(options, configuration, cancellationToken);
        if (made)
        {
            logger.TopicMade(options.Topic, options.Partitions);
        }

        return made;
    }

    private async Task AwaitLeadersAsync(int partitions, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < LeaderTimeout && !await HaveLeadersAsync(partitions, cancellationToken))
        {
            await Task.Delay(LeaderPause, time, cancellationToken);
        }
    }

    /// <summary>A broker says that it is not a partition's leader until it has made the partition's files.</summary>
    private async Task<bool> HaveLeadersAsync(int partitions, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, partitions).Select(offsets.AskAsync)).WaitAsync(cancellationToken);
            return true;
        }
        catch (KafkaException)
        {
            return false;
        }
    }
}
