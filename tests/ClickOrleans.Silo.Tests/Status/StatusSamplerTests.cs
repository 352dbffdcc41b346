using ClickOrleans.Grains;
using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Silo.Configuration;
using ClickOrleans.Silo.Status;
using ClickOrleans.Testing.InMemory.Index;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ClickOrleans.Silo.Tests.Status;

public sealed class StatusSamplerTests : IAsyncLifetime
{
    private readonly SemaphoreSlim _sampled = new(0);
    private readonly InMemoryClickIndex _index = new();
    private StatusBench _bench = null!;
    private IndexMonitor _monitor = null!;
    private StatusSampler _sampler = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await StatusBench.OpenAsync();
        _monitor = new IndexMonitor(_index, _bench.Time, NullLogger<IndexMonitor>.Instance);
        _sampler = new StatusSampler(
            _bench.Reader,
            new StageAges(_bench.Time),
            _monitor,
            Options.Create(new HealthOptions()),
            new SiloName(Options.Create(new SiloOptions { SiloName = "silo-a" })),
            _bench.Time);
        _sampler.Sampled += (_, _) => _sampled.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _sampler.StopAsync(CancellationToken.None);
        await _monitor.StopAsync(CancellationToken.None);
        _sampler.Dispose();
        _monitor.Dispose();
        await _bench.DisposeAsync();
        _sampled.Dispose();
    }

    [Fact]
    public void Before_the_first_sample_it_is_not_ready()
    {
        Assert.False(_sampler.Health.IsReady);
        Assert.Equal(["starting"], _sampler.Health.Reasons);
        Assert.Null(_sampler.Status);
    }

    [Fact]
    public async Task Messages_that_wait_behind_an_open_transaction_for_long_make_it_unready()
    {
        await _bench.AppendAsync(3);
        await _bench.StoreAsync(0, 3);
        await _bench.StoreAsync(1, 3);
        _bench.Topic.Unstable = 7;
        await StartAsync();
        Assert.True(_sampler.Health.IsReady);
        Assert.All(
            _sampler.Status!.Consumers.Partitions,
            partition => Assert.Equal((3, 10, 0), (partition.EndOffset, partition.HighWatermark, partition.Lag)));

        _bench.Time.Advance(new HealthOptions().MaxUnprocessedAge + TimeSpan.FromSeconds(1));
        await NextAsync();

        Assert.Contains(
            _sampler.Health.Reasons,
            reason => reason.StartsWith(
                "consume: partition 0: 7 messages from offset 3 on have waited ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pipeline_that_keeps_up_is_ready()
    {
        await StartAsync();

        Assert.True(_sampler.Health.IsReady);
        Assert.Empty(_sampler.Health.Reasons);
        Assert.NotNull(_sampler.Status);
        Assert.Equal(["consume", "fold", "index"], _sampler.Ages.Select(age => age.Stage));
    }

    [Fact]
    public async Task A_stage_whose_oldest_click_exceeds_the_limit_is_named()
    {
        await _bench.AppendAsync(1);
        await StartAsync();
        Assert.True(_sampler.Health.IsReady);

        _bench.Time.Advance(TimeSpan.FromSeconds(61));
        await NextAsync();

        Assert.Equal(["consume: the oldest unprocessed click is 61 s old, more than 60 s"], _sampler.Health.Reasons);
    }

    [Fact]
    public async Task It_is_ready_again_when_the_stage_has_caught_up()
    {
        await _bench.AppendAsync(1);
        _bench.Time.Advance(TimeSpan.FromSeconds(61));
        await StartAsync();
        Assert.False(_sampler.Health.IsReady);

        await _bench.StoreAsync(0, 1);
        await _bench.StoreAsync(1, 1);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await NextAsync();

        Assert.True(_sampler.Health.IsReady, string.Join("; ", _sampler.Health.Reasons));
    }

    [Fact]
    public async Task A_stopped_partition_is_named_with_its_error()
    {
        _bench.Report = _bench.Report with
        {
            ConsumedPartitions = [StatusBench.Consumed(1, PartitionState.Stopped, "offsets 0..4 are lost")],
        };

        await StartAsync();

        Assert.Equal(["consume: partition 1 is stopped. offsets 0..4 are lost"], _sampler.Health.Reasons);
    }

    [Fact]
    public async Task An_outage_is_a_reason()
    {
        _bench.Topic.Outage = new IOException("broker unavailable");

        await StartAsync();

        Assert.Equal(["log: broker unavailable"], _sampler.Health.Reasons);
    }

    [Fact]
    public async Task A_problem_of_the_index_is_a_reason()
    {
        _index.Complaints = ["clicks: mapped as text"];
        await _monitor.StartAsync(Cancellation);
        await Testing.Poll.UntilAsync(() => _monitor.Problems.Count > 0);

        await StartAsync();

        Assert.Equal(["index: clicks: mapped as text"], _sampler.Health.Reasons);
    }

    [Fact]
    public async Task A_status_that_cannot_be_read_makes_it_unready()
    {
        _bench.Unreachable = new TimeoutException("no response from the grain");

        await StartAsync();

        Assert.Equal(["the status cannot be read: no response from the grain"], _sampler.Health.Reasons);
        Assert.Null(_sampler.Status);
    }

    private async Task StartAsync()
    {
        await _sampler.StartAsync(Cancellation);
        await NextAsync();
    }

    private async Task NextAsync() =>
        Assert.True(await _sampled.WaitAsync(Testing.Poll.DefaultTimeout, Cancellation), "No sample was taken.");
}
