using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>Memory needs no tables.</summary>
internal sealed class InMemoryStoreSchema(InMemoryConnection connection) : IStoreSchema
{
    public string Description => "in-memory store";

    public Task ApplyAsync(CancellationToken cancellationToken) => connection.ReadAsync("schema", _ => true, cancellationToken);
}
