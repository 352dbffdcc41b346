using ClickOrleans.Sql;
using ClickOrleans.Sqlite.Store;
using ClickOrleans.Conformance.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Sqlite.Tests.Store;

internal sealed class SqliteStoreUnderTest : StoreUnderTest
{
    private readonly SqliteStoreDatabase _database;
    private readonly DirectoryInfo _folder;
    private readonly bool _ownsFolder;

    private SqliteStoreUnderTest(DirectoryInfo folder, SqliteStoreDatabase database, bool ownsFolder)
    {
        _folder = folder;
        _database = database;
        _ownsFolder = ownsFolder;
    }

    public string ConnectionString => _database.File.ConnectionString;

    public static StoreUnderTest Create() => Open(Directory.CreateTempSubdirectory("clickorleans-store-"), ownsFolder: true);

    public override StoreUnderTest OpenAnother() => Open(_folder, ownsFolder: false);

    public override bool IsOutage(Exception exception) => exception is IOException;

    public override async Task ExecuteAsync(string sql)
    {
        await using var connection = _database.File.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public override ValueTask DisposeAsync()
    {
        _database.Dispose();
        if (_ownsFolder)
        {
            SqliteConnection.ClearAllPools();
            _folder.Delete(recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private static SqliteStoreUnderTest Open(DirectoryInfo folder, bool ownsFolder)
    {
        SqliteStoreUnderTest? store = null;
        var database = new SqliteStoreDatabase(Path.Combine(folder.FullName, "store.db"))
        {
            BeforeStatement = (name, _) =>
            {
                if (store?.FailBefore?.Invoke(name) == true)
                {
                    throw new IOException($"Pulled before {name}.");
                }
            },
        };
        store = new SqliteStoreUnderTest(folder, database, ownsFolder)
        {
            Schema = new SqliteStoreSchema(database, TimeProvider.System, NullLogger<SqliteStoreSchema>.Instance),
            Clicks = new SqliteClickStore(database, TimeProvider.System),
            Rollups = new SqliteRollupStore(database),
            DeadLetters = new SqlDeadLetterStore(database),
            DesiredState = new SqlDesiredStateStore(database),
            Audit = new SqlStoreAudit(database),
            Insight = new SqlStoreInsight(database),
            Series = new SqlSeriesStore(database),
        };
        return store;
    }
}
