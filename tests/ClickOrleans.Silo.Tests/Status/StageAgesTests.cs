using ClickOrleans.Pipeline.Status;
using ClickOrleans.Silo.Status;
using Microsoft.Extensions.Time.Testing;

namespace ClickOrleans.Silo.Tests.Status;

public class StageAgesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StageAges _ages;

    public StageAgesTests() => _ages = new StageAges(_time);

    [Fact]
    public void Every_stage_is_named_and_a_pipeline_that_has_caught_up_has_no_age()
    {
        var ages = _ages.Add(StatusOf(stored: 10, folded: 10, rollups: 3, indexed: 3));

        Assert.Equal([new("consume", TimeSpan.Zero), new("fold", TimeSpan.Zero), new("index", TimeSpan.Zero)], ages);
    }

    [Fact]
    public void Consuming_is_as_old_as_the_oldest_unprocessed_message()
    {
        var ages = _ages.Add(StatusOf(stored: 10, folded: 10) with { OldestUnprocessedSeconds = 12.5 });

        Assert.Equal(TimeSpan.FromSeconds(12.5), Age(ages, "consume"));
    }

    [Fact]
    public void Folding_is_as_old_as_the_first_sample_with_clicks_that_are_not_folded()
    {
        _ages.Add(StatusOf(stored: 10, folded: 10));
        _time.Advance(TimeSpan.FromSeconds(5));
        _ages.Add(StatusOf(stored: 20, folded: 10));
        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(7), Age(_ages.Add(StatusOf(stored: 30, folded: 10)), "fold"));
    }

    [Fact]
    public void Folding_part_of_the_clicks_moves_the_age_to_the_oldest_that_is_left()
    {
        _ages.Add(StatusOf(stored: 10, folded: 0));
        _time.Advance(TimeSpan.FromSeconds(5));
        _ages.Add(StatusOf(stored: 20, folded: 0));
        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(12), Age(_ages.Add(StatusOf(stored: 20, folded: 9)), "fold"));
        Assert.Equal(TimeSpan.FromSeconds(7), Age(_ages.Add(StatusOf(stored: 20, folded: 10)), "fold"));
        Assert.Equal(TimeSpan.Zero, Age(_ages.Add(StatusOf(stored: 20, folded: 20)), "fold"));
    }

    [Fact]
    public void Indexing_is_as_old_as_the_last_sample_in_which_every_rollup_was_indexed()
    {
        _ages.Add(StatusOf(rollups: 3, indexed: 3));
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(TimeSpan.FromSeconds(4), Age(_ages.Add(StatusOf(rollups: 5, indexed: 4)), "index"));
        Assert.Equal(TimeSpan.Zero, Age(_ages.Add(StatusOf(rollups: 5, indexed: 5)), "index"));
    }

    [Fact]
    public void A_rollup_that_the_index_rejects_does_not_wait()
    {
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(TimeSpan.Zero, Age(_ages.Add(StatusOf(rollups: 5, indexed: 3, rejected: 2)), "index"));
    }

    private static TimeSpan Age(IReadOnlyList<StageAge> ages, string stage) => ages.Single(age => age.Stage == stage).Age;

    private static PipelineStatus StatusOf(
        long stored = 0, long folded = 0, long rollups = 0, long indexed = 0, long rejected = 0) => new(
        new ProducersStatus(0, 0, 0),
        new ConsumersStatus(0, []),
        new AggregationStatus(null, false, false, null, null, [], 0, null),
        new TotalsStatus(stored, 0, 0, folded, rollups, indexed, rejected, 0),
        0,
        [],
        new LiveStatus(0, 0),
        [],
        []);
}
