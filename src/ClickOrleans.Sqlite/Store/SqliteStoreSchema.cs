using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sql;
using DbUp;
using DbUp.Sqlite;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Sqlite.Store;

/// <summary>The tables of the store in a SQLite file.</summary>
public sealed class SqliteStoreSchema(SqliteStoreDatabase database, TimeProvider time, ILogger<SqliteStoreSchema> logger)
    : IStoreSchema
{
    public string Description => $"SQLite {database.File.Path}";

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(database.File.Path))!);
        await database.File.WriteLock.WaitAsync(cancellationToken);
        try
        {
            // Another process may start on the same folder. SQLite locks one transaction; the upgrade consists of several.
            await using var processLock = await LockAsync($"{database.File.Path}.schema-lock", cancellationToken);
            using (database.File.Open())
            {
                // Creates the file in write-ahead mode.
            }

            SchemaUpgrade.Apply(
                DeployChanges.To.SqliteDatabase(database.File.ConnectionString)
                    .JournalToSqliteTable(SchemaUpgrade.Journal)
                    .WithTransactionPerScript(),
                SqliteStoreSql.Schema,
                Description,
                logger);
        }
        finally
        {
            database.File.WriteLock.Release();
        }
    }

    private async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
            }
        }
    }
}
