using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Kafka.Tests;

public sealed class LeaderRequestsTests : IAsyncDisposable
{
    private readonly KafkaAdmin _admin = new([], TimeProvider.System, new(NullLogger.Instance, TimeProvider.System));
    private readonly ConcurrentBag<int[]> _sent = [];

    public ValueTask DisposeAsync() => _admin.DisposeAsync();

    [Fact]
    public async Task Questions_at_a_time_are_one_request_of_limited_size()
    {
        var requests = Requests(partition => new(partition * 10, null));

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(requests.AskAsync));

        Assert.Equal(Enumerable.Range(0, 300).Select(partition => partition * 10), answers);
        Assert.Equal([44, 256], _sent.Select(sent => sent.Length).Order());
    }

    [Fact]
    public async Task A_question_that_was_asked_twice_is_sent_once()
    {
        var requests = Requests(partition => new(partition, null));

        await Task.WhenAll(requests.AskAsync(1), requests.AskAsync(1));

        Assert.Equal([1], Assert.Single(_sent));
    }

    [Fact]
    public async Task A_partition_whose_leader_is_silent_keeps_only_its_own_answer()
    {
        var silent = new KafkaException(ErrorCode.Local_TimedOut);
        var requests = Requests(partition => new(partition, partition == 1 ? silent : null));

        var (one, two) = (requests.AskAsync(1), requests.AskAsync(2));

        Assert.Equal(2, await two);
        Assert.Same(silent, await Assert.ThrowsAsync<KafkaException>(() => one));
    }

    [Fact]
    public async Task A_request_that_fails_fails_all_its_questions()
    {
        var outage = new KafkaException(ErrorCode.Local_Transport);
        var requests = Requests(_ => throw outage);

        var asked = new[] { requests.AskAsync(1), requests.AskAsync(2) };

        Assert.Same(outage, await Assert.ThrowsAsync<KafkaException>(() => asked[0]));
        Assert.Same(outage, await Assert.ThrowsAsync<KafkaException>(() => asked[1]));
    }

    private LeaderRequests<int> Requests(Func<int, LeaderAnswer<int>> answer) =>
        new(new KafkaTopic(_admin, "clicks", TimeProvider.System), TimeProvider.System, partitions =>
        {
            _sent.Add([.. partitions]);
            return Task.FromResult<IReadOnlyDictionary<int, LeaderAnswer<int>>>(
                partitions.ToDictionary(partition => partition, answer));
        });
}
