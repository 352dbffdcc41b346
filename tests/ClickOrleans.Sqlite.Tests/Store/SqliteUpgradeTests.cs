using ClickOrleans.Conformance.Store;
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

    protected override Task<StoreUnderTest> CreateEarlierAsync()
    {
        var store = (SqliteStoreUnderTest)SqliteStoreUnderTest.Create();
        var scripts = new SqlFolder(typeof(SqliteStoreSchema).Assembly, "sql/sqlite/schema").ReadAll();
        var upgrade = DeployChanges.To.SqliteDatabase(store.ConnectionString).JournalToSqliteTable(SchemaUpgrade.Journal);
        SchemaUpgrade.Apply(upgrade, scripts.Take(EarlierScripts), "earlier", NullLogger.Instance);
        return Task.FromResult<StoreUnderTest>(store);
    }
}
