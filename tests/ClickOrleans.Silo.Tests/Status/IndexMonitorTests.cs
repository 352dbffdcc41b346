using ClickOrleans.Pipeline.Index;
using ClickOrleans.Silo.Status;
using ClickOrleans.Testing;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace ClickOrleans.Silo.Tests.Status;

public sealed class IndexMonitorTests : IAsyncLifetime
{
    private const int IndexProblem = 440;

    private readonly FakeTimeProvider _time = new();
    private readonly IClickIndex _index = Substitute.For<IClickIndex>();
    private readonly EventCollector<IndexMonitor> _events = new();
    private readonly IndexMonitor _monitor;
    private volatile Exception? _failure;
    private int _opened;

    public IndexMonitorTests()
    {
        _index.Complaints.Returns([]);
        _index.OpenAsync(default).ReturnsForAnyArgs(_ => Opened());
        _monitor = new IndexMonitor(_index, _time, _events);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _monitor.StopAsync(CancellationToken.None);
        _monitor.Dispose();
    }

    [Fact]
    public async Task An_index_as_it_should_be_has_no_problems()
    {
        await StartAsync();

        Assert.Empty(_monitor.Problems);
        Assert.Equal(0, _events.Count(IndexProblem));
    }

    [Fact]
    public async Task A_complaint_of_the_index_is_a_problem_and_is_logged_once()
    {
        _index.Complaints.Returns(["clicks: mapped as text"]);
        await StartAsync();
        await Poll.UntilAsync(() => _monitor.Problems.Count == 1);

        await CheckAgainAsync();
        await CheckAgainAsync();

        Assert.Equal(["clicks: mapped as text"], _monitor.Problems);
        Assert.Equal(1, _events.Count(IndexProblem));
    }

    [Fact]
    public async Task An_index_that_cannot_be_opened_is_a_problem_until_it_can()
    {
        _failure = new IndexSetupException("wrong password");
        await StartAsync();
        await Poll.UntilAsync(() => _monitor.Problems is ["wrong password"]);

        _failure = null;
        await CheckAgainAsync();

        await Poll.UntilAsync(() => _monitor.Problems.Count == 0);
        Assert.Equal(1, _events.Count(IndexProblem));
    }

    [Fact]
    public async Task A_problem_that_comes_back_is_logged_again()
    {
        _index.Complaints.Returns(["read-only"]);
        await StartAsync();
        await Poll.UntilAsync(() => _monitor.Problems.Count == 1);
        _index.Complaints.Returns([]);
        await CheckAgainAsync();
        await Poll.UntilAsync(() => _monitor.Problems.Count == 0);

        _index.Complaints.Returns(["read-only"]);
        await CheckAgainAsync();

        await Poll.UntilAsync(() => _monitor.Problems.Count == 1);
        Assert.Equal(2, _events.Count(IndexProblem));
    }

    private string Opened()
    {
        Interlocked.Increment(ref _opened);
        return _failure is { } failure ? throw failure : "identity";
    }

    private async Task StartAsync()
    {
        await _monitor.StartAsync(TestContext.Current.CancellationToken);
        await Poll.UntilAsync(() => Volatile.Read(ref _opened) == 1);
    }

    private async Task CheckAgainAsync()
    {
        var before = Volatile.Read(ref _opened);
        _time.Advance(TimeSpan.FromSeconds(30));
        await Poll.UntilAsync(() => Volatile.Read(ref _opened) == before + 1);
    }
}
