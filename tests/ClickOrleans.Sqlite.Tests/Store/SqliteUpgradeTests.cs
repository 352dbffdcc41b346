using ClickOrleans.Conformance.Store;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Sql;
using ClickOrleans.Sqlite.Store;
using DbUp;
using DbUp.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Sqlite.Tests.Store;

/// <summary>What a file of an earlier version becomes.</summary>
public sealed class SqliteUpgradeTests : StoreUpgradeConformance
{
    /// <summary>The scripts of the version before visitors were hashed.</summary>
    private const int EarlierScripts = 4;

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_in_words()
    {
        await using var store = SqliteStoreUnderTest.Create();
        await store.Schema.ApplyAsync(TestContext.Current.CancellationToken);
        await store.ExecuteAsync(
            "insert into schema_versions (ScriptName, Applied) values ('9999_of_tomorrow.sql', '2099-01-01')");

        var refusal = await Assert.ThrowsAsync<StartupException>(
            () => store.Schema.ApplyAsync(TestContext.Current.CancellationToken));

        Assert.Contains(
            "upgraded by a newer version of ClickOrleans (9999_of_tomorrow.sql)", refusal.Message, StringComparison.Ordinal);
    }

    protected override Task<StoreUnderTest> CreateEarlierAsync()
    {
        var store = (SqliteStoreUnderTest)SqliteStoreUnderTest.Create();
        var scripts = new SqlFolder(typeof(SqliteStoreSchema).Assembly, "sql/sqlite/schema").ReadAll();
        var upgrade = DeployChanges.To.SqliteDatabase(store.ConnectionString).JournalToSqliteTable(SchemaUpgrade.Journal);
        SchemaUpgrade.Apply(upgrade, scripts.Take(EarlierScripts), "earlier", NullLogger.Instance);
        return Task.FromResult<StoreUnderTest>(store);
    }
}
