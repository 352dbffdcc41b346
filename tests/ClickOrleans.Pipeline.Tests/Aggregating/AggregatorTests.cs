using ClickOrleans.Pipeline.Aggregating;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Indexing;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace ClickOrleans.Pipeline.Tests.Aggregating;

/// <summary>A store that takes too long for a chunk of 10,000 clicks or more.</summary>
public sealed class AggregatorTests
{
    private const int Stored = 60_000;

    private readonly IClickStore _clicks = Substitute.For<IClickStore>();
    private readonly IRollupStore _rollups = Substitute.For<IRollupStore>();
    private readonly List<int> _sizes = [];
    private long _folded;

    [Fact]
    public async Task A_chunk_for_which_the_store_takes_too_long_is_halved_and_grows_again()
    {
        var limit = 10_000;
        var run = await RunAsync(size => size < limit);

        Assert.Equal((Stored, null), (run.Clicks, run.Error));
        Assert.Equal([50_000, 25_000, 12_500, 6_250, 11_250, 5_625, 10_625, 5_312], _sizes.Take(8));
    }

    [Fact]
    public async Task A_store_that_takes_too_long_for_the_smallest_chunk_ends_the_run()
    {
        var run = await RunAsync(_ => false);

        Assert.Equal((0, "fold: canceling statement due to statement timeout"), (run.Clicks, run.Error));
        Assert.Equal(100, _sizes[^1]);
    }

    private Task<AggregationRun> RunAsync(Predicate<int> isFast)
    {
        _clicks.GetTotalsAsync(default).ReturnsForAnyArgs(new StoreTotals(Stored, 0, 0, 0, 0, 0));
        _rollups.GetUnindexedAsync(default, default).ReturnsForAnyArgs([]);
        _rollups.FoldAsync(default, default, default).ReturnsForAnyArgs(call =>
        {
            var size = call.ArgAt<int>(0);
            _sizes.Add(size);
            if (!isFast(size))
            {
                throw new TimeoutException("canceling statement due to statement timeout");
            }

            var clicks = Math.Min(size, Stored - _folded);
            _folded += clicks;
            return new FoldResult(clicks, 1, _folded < Stored);
        });
        var indexer = new Indexer(
            _rollups,
            Substitute.For<IClickIndex>(),
            new IndexerOptions(),
            StageContexts.System,
            NullLogger<Indexer>.Instance);
        return new Aggregator(_clicks, _rollups, indexer, 50_000, StageContexts.System)
            .RunAsync(TestContext.Current.CancellationToken);
    }
}
