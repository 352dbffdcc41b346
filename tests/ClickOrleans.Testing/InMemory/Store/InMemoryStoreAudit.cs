using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

internal sealed class InMemoryStoreAudit(InMemoryConnection connection) : IStoreAudit
{
    public Task<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken) =>
        connection.ReadAsync<IStoreSnapshot>(
            "open_snapshot", state => new InMemoryStoreSnapshot(state, connection), cancellationToken);
}
