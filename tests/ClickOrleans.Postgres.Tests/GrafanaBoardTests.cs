using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClickOrleans.Postgres.Tests;

/// <summary>The Grafana dashboard on PostgreSQL asks for what is there.</summary>
public sealed partial class GrafanaBoardTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_query_of_the_board_runs()
    {
        await using var store = PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
        await store.Schema.ApplyAsync(Cancellation);
        using var board = JsonDocument.Parse(await File.ReadAllTextAsync(Find("deploy/grafana/series.json"), Cancellation));

        var queries = board.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("rawSql").GetString()!)
            .ToList();

        Assert.Equal(4, queries.Count);
        foreach (var query in queries)
        {
            await store.ExecuteAsync(TimeFilter().Replace(query, "$1 between '2026-01-01T00:00:00Z' and '2026-01-08T00:00:00Z'"));
        }
    }

    private static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); ; folder = folder.Parent!)
        {
            if (File.Exists(Path.Combine(folder.FullName, path)))
            {
                return Path.Combine(folder.FullName, path);
            }
        }
    }

    /// <summary>Grafana's macro, whose argument may have one pair of parentheses in it.</summary>
    [GeneratedRegex(@"\$__timeFilter\(((?:[^()]|\([^()]*\))*)\)", RegexOptions.None, 1000)]
    private static partial Regex TimeFilter();
}
