using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace ClickOrleans.Grains.Tests.Pipelines;

public sealed class PipelineControlTests
{
    private static readonly DesiredState Configured = new(
        new ProducersState(1, 1000), new ConsumersState(2), new AggregationState(TimeSpan.FromSeconds(5), null, false));

    private readonly IDesiredStateStore _store = Substitute.For<IDesiredStateStore>();
    private readonly IPipelineGrain _pipeline = Substitute.For<IPipelineGrain>();
    private readonly FakeTimeProvider _time = new();
    private readonly PipelineControl _control;

    public PipelineControlTests()
    {
        var grains = Substitute.For<IGrainFactory>();
        grains.GetGrain<IPipelineGrain>(0).Returns(_pipeline);
        _control = new PipelineControl(new DesiredStateService(_store, Configured), grains, _time);
    }

    [Fact]
    public async Task A_change_is_stored_and_the_cluster_follows()
    {
        Assert.Empty(await _control.ChangeAsync(new ConsumersState(3), CancellationToken.None));

        Received.InOrder(() =>
        {
            _ = _store.WriteAsync("consumers", """{"count":3}""", Arg.Any<CancellationToken>());
            _ = _pipeline.ReconcileAsync();
        });
    }

    [Fact]
    public async Task What_is_not_allowed_changes_nothing()
    {
        var errors = await _control.ChangeAsync(new ConsumersState(-1), CancellationToken.None);

        Assert.Equal("count is '-1'; allowed are 0 to 1024", Assert.Single(errors).Message);
        await _store.DidNotReceiveWithAnyArgs().WriteAsync(default!, default!, default);
        await _pipeline.DidNotReceive().ReconcileAsync();
    }

    [Fact]
    public async Task A_cluster_that_takes_longer_follows_by_itself_the_change_is_made()
    {
        _pipeline.ReconcileAsync().Returns(new TaskCompletionSource<PipelineReport>().Task);

        var changing = _control.ChangeAsync(new ConsumersState(3), CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Empty(await changing);
    }

    [Fact]
    public async Task A_store_that_is_silent_is_a_timeout()
    {
        _store.WriteAsync(default!, default!, default).ReturnsForAnyArgs(new TaskCompletionSource().Task);

        var changing = _control.ChangeAsync(new ConsumersState(3), CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<TimeoutException>(() => changing);
        await _pipeline.DidNotReceive().ReconcileAsync();
    }
}
