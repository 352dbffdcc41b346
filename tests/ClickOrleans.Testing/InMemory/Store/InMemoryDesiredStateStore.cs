using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Testing.InMemory.Store;

internal sealed class InMemoryDesiredStateStore(InMemoryConnection connection) : IDesiredStateStore
{
    public Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken cancellationToken) =>
        connection.ReadAsync<IReadOnlyDictionary<string, string>>(
            "read_desired_state", state => state.DesiredState, cancellationToken);

    public Task WriteAsync(string name, string json, CancellationToken cancellationToken) => connection.WriteAsync(
        "write_desired_state",
        state => (state with { DesiredState = state.DesiredState.SetItem(name, json) }, true),
        cancellationToken);
}
