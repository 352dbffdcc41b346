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
            // In both databases a snapshot is taken by the first statement, not by the begin.
            await session.ExecuteAsync("take_snapshot", null, cancellationToken);
            return new SqlStoreSnapshot(session);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
