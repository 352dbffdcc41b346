using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>Opens snapshots of the store for <c>verify</c>.</summary>
public sealed class SqlStoreAudit(StoreDatabase database) : IStoreAudit
{
    public async Task<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken)
    {
        var session = await database.BeginSnapshotAsync(cancellationToken);
        try
        {
            await session.ExecuteAsync(SharedSql.EstablishSnapshot, null, cancellationToken);
            return new SqlStoreSnapshot(session, database.Series);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
