using System.Collections.Immutable;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>
/// The statements with which the conformance suites alter a store past its ports, each as what it does to the state. There is no
/// SQL here: a statement that is not listed is refused.
/// </summary>
internal static class InMemoryDamage
{
    private const string OfPage3 = "page_id = (select page_id from click_rollups where url = '/3')";

    private const string LastVisitor = "visitor = (select max(visitor) from click_visitors)";

    private static readonly Dictionary<string, Func<StoreState, StoreState>> Statements = new()
    {
        ["delete from clickstream_data where partition = 0 and \"offset\" = 0"] = RemoveClicks(offset => offset == 0),
        ["delete from clickstream_data where partition = 0 and \"offset\" = 29"] = RemoveClicks(offset => offset == 29),
        ["delete from clickstream_data where partition = 0 and \"offset\" between 11 and 13"] =
            RemoveClicks(offset => offset is >= 11 and <= 13),
        ["delete from clickstream_data where partition = 0 and \"offset\" < 3"] = RemoveClicks(offset => offset < 3),
        ["delete from clickstream_data where partition = 0 and \"offset\" > 20"] = RemoveClicks(offset => offset > 20),
        ["delete from clickstream_data where partition = 0 and \"offset\" in (4, 6)"] = RemoveClicks(offset => offset is 4 or 6),
        ["delete from clickstream_data where partition = 0 and \"offset\" in (1, 3, 9)"] =
            RemoveClicks(offset => offset is 1 or 3 or 9),
        ["delete from clickstream_data where partition = 0 and \"offset\" >= 0"] = RemoveClicks(_ => true),
        ["delete from dead_letters where partition = 0"] = InPartition(0, rows => rows with { Letters = rows.Letters.Clear() }),
        ["delete from lost_ranges"] = InPartition(0, rows => rows with { Lost = [] }),
        ["delete from retried_clicks"] = InPartition(0, rows => rows with { RetriedUnfolded = [] }),
        ["update consumer_offsets set next_offset = 5 where partition = 0"] =
            InPartition(0, rows => rows with { Consumed = rows.Consumed! with { Next = 5 } }),
        ["update consumer_offsets set next_offset = 28 where partition = 0"] =
            InPartition(0, rows => rows with { Consumed = rows.Consumed! with { Next = 28 } }),
        ["update consumer_offsets set start_offset = 2 where partition = 0"] =
            InPartition(0, rows => rows with { Consumed = rows.Consumed! with { Start = 2 } }),
        ["update consumer_offsets set stored = stored + 1 where partition = 1"] =
            InPartition(1, rows => rows with { Consumed = rows.Consumed! with { Stored = rows.Consumed.Stored + 1 } }),
        ["delete from consumer_offsets where partition = 1"] = InPartition(1, rows => rows with { Consumed = null }),
        ["update aggregation_offsets set folded = folded - 1 where partition = 1"] =
            InPartition(1, rows => rows with { Aggregated = rows.Aggregated! with { Folded = rows.Aggregated.Folded - 1 } }),
        ["update aggregation_offsets set next_offset = next_offset - 10 where partition = 0"] =
            InPartition(0, rows => rows with { Aggregated = rows.Aggregated! with { Next = rows.Aggregated.Next - 10 } }),
        ["update clickstream_data set \"offset\" = 99 where partition = 0 and \"offset\" = 8"] =
            AlterClick(8, click => click with { Offset = 99 }),
        ["update clickstream_data set \"offset\" = 15 where partition = 0 and \"offset\" = 8"] =
            AlterClick(8, click => click with { Offset = 15 }),
        ["update clickstream_data set url = '/4' where partition = 0 and \"offset\" = 3"] =
            AlterClick(3, click => click with { Click = click.Click with { Url = "/4" } }),
        ["update clickstream_data set user_id = 'eve' where partition = 0 and \"offset\" = 3"] =
            AlterClick(3, click => click with { Click = click.Click with { UserId = "eve" } }),
        ["update dead_letters set \"offset\" = 31 where partition = 0 and \"offset\" = 5"] = InPartition(0, MoveLetter),
        ["update click_rollups set clicks = clicks + 1"] =
            AlterRollups(_ => true, rollup => rollup with { Clicks = rollup.Clicks + 1 }),
        ["update click_rollups set clicks = clicks + 1 where url = '/3'"] =
            AlterPage3(rollup => rollup with { Clicks = rollup.Clicks + 1 }),
        ["update click_rollups set unique_users = unique_users - 1 where url = '/3'"] =
            AlterPage3(rollup => rollup with { UniqueUsers = rollup.UniqueUsers - 1 }),
        ["update click_rollups set first_click = '2001-01-01T00:00:00.000000Z' where url = '/3'"] =
            AlterPage3(rollup => rollup with { FirstClick = new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc) }),
        ["update click_rollups set last_click = '2031-01-01T00:00:00.000000Z' where url = '/3'"] =
            AlterPage3(rollup => rollup with { LastClick = new(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc) }),
        ["update click_rollups set url = '/x' where url = '/3'"] = AlterPage3(rollup => rollup with { Url = "/x" }),
        ["update click_rollups set country = 'XX' where url = '/3'"] = AlterPage3(rollup => rollup with { Country = "XX" }),
        ["delete from click_rollups where url = '/3'"] = RemoveRollups("/3"),
        ["delete from click_rollups where url in ('/1', '/2', '/7')"] = RemoveRollups("/1", "/2", "/7"),
        [$"delete from click_visitors where {LastVisitor} and {OfPage3}"] =
            AlterVisitorsOfPage3(users => users.Remove("user1")),
        [$"update click_visitors set visitor = 7 where {LastVisitor} and {OfPage3}"] =
            AlterVisitorsOfPage3(users => users.Remove("user1").Add("eve")),
        ["insert into click_visitors (page_id, visitor) select page_id, 7 from click_rollups where url = '/3'"] =
            AlterVisitorsOfPage3(users => users.Add("eve")),
    };

    private static readonly Dictionary<string, Func<StoreState, StoreState>> SeriesStatements = new()
    {
        ["update click_series set clicks = clicks + 1 where page_id = 0"] =
            AlterSeries(page => page == 0, clicks => clicks + 1),
        ["update click_series set clicks = clicks - 1 where page_id <> 0"] =
            AlterSeries(page => page != 0, clicks => clicks - 1),
        ["update click_series set visitors = visitors + 1 where page_id = 0"] = AddVisit,
        ["update site_days set visitors = visitors + 1"] = AddVisit,
        ["update site_visitors set hours = 1"] = AddVisit,
        ["delete from site_visitors"] = state => state with { SiteVisits = [] },
        ["delete from site_days"] = state => state,
        ["delete from click_series"] = state => state with { Series = state.Series.Clear() },
        ["update aggregation_offsets set series_offset = null"] = state => state with { IsSeriesBehind = true },
    };

    /// <exception cref="NotSupportedException">The statement is not listed.</exception>
    public static StoreState Apply(StoreState state, string sql) =>
        Statements.TryGetValue(sql, out var damage) || SeriesStatements.TryGetValue(sql, out damage)
        ? damage(state)
        : throw new NotSupportedException($"The in-memory store has no damage for: {sql}");

    private static Func<StoreState, StoreState> InPartition(int partition, Func<PartitionRows, PartitionRows> alter) => state =>
        state.Partitions.Keys.Where(key => key.Partition == partition)
            .Aggregate(state, (altered, key) => altered.With(key, alter(altered.Find(key))));

    private static Func<StoreState, StoreState> RemoveClicks(Predicate<long> which) =>
        InPartition(0, rows => rows with { Clicks = rows.Clicks.RemoveAll(click => which(click.Offset)) });

    private static Func<StoreState, StoreState> AlterClick(long offset, Func<StoredClick, StoredClick> alter) =>
        InPartition(0, rows =>
        {
            var click = rows.FindClick(offset)!.Value;
            return (rows with { Clicks = rows.Clicks.Remove(click) }).AddClicks([alter(click)], _ => false);
        });

    private static PartitionRows MoveLetter(PartitionRows rows)
    {
        var letter = rows.Letters[5];
        return rows with
        {
            Letters = rows.Letters.Remove(5).Add(31, letter with { Letter = letter.Letter with { Offset = 31 } }),
        };
    }

    private static Func<StoreState, StoreState> AlterRollups(Predicate<Rollup> which, Func<Rollup, Rollup> alter) => state =>
        state.Rollups.Values.Where(row => which(row.Rollup))
            .Aggregate(state, (altered, row) => altered.With(row with { Rollup = alter(row.Rollup) }));

    private static Func<StoreState, StoreState> AlterPage3(Func<Rollup, Rollup> alter) =>
        AlterRollups(rollup => rollup.Url == "/3", alter);

    private static StoreState AddVisit(StoreState state) =>
        state with { SiteVisits = state.SiteVisits.Add((state.SiteVisits[0].Hour, "eve")) };

    private static Func<StoreState, StoreState> AlterSeries(Predicate<long> ofPage, Func<long, long> alter) => state =>
        state with
        {
            Series = state.Series.SetItems(state.Series
                .Where(bucket => ofPage(bucket.Key.PageId))
                .Select(bucket => KeyValuePair.Create(bucket.Key, alter(bucket.Value)))),
        };

    private static Func<StoreState, StoreState> RemoveRollups(params string[] urls) => state =>
    {
        var removed = state.Rollups.Values.Where(row => urls.Contains(row.Rollup.Url)).Select(row => row.PageId);
        return state with { Rollups = state.Rollups.RemoveRange(removed) };
    };

    private static Func<StoreState, StoreState> AlterVisitorsOfPage3(
        Func<ImmutableHashSet<string>, ImmutableHashSet<string>> alter) => state =>
    {
        var page = state.Rollups.Values.Single(row => row.Rollup.Url == "/3").PageId;
        return state with { Visitors = state.Visitors.SetItem(page, alter(state.Visitors[page])) };
    };
}
