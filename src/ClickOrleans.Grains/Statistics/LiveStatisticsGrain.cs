using Orleans.Streams;
using Orleans.Streams.Core;

namespace ClickOrleans.Grains.Statistics;

/// <summary>
/// Adds up what consumers publish. It lives in memory: after a crash it begins anew, as the truth is in the store.
/// </summary>
[ImplicitStreamSubscription(LiveStatisticsStream.Namespace)]
internal sealed class LiveStatisticsGrain(TimeProvider time)
    : Grain, ILiveStatisticsGrain, IStreamSubscriptionObserver, IAsyncObserver<CommitSummary>
{
    private readonly CommitHistory _history = new(time);

    public Task<LiveStatistics> GetAsync() => Task.FromResult(_history.Read());

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        handleFactory.Create<CommitSummary>().ResumeAsync(this);

    public Task OnNextAsync(CommitSummary item, StreamSequenceToken? token = null)
    {
        _history.Add(item);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
