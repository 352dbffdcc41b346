using System.Text.Json;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Control;

/// <summary>Reads and changes desired state: what is stored, or, while nothing is, what is configured.</summary>
public sealed class DesiredStateService(IDesiredStateStore store, DesiredState configured)
{
    private const string Producers = "producers";
    private const string Consumers = "consumers";
    private const string Aggregation = "aggregation";

    public async Task<DesiredState> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(cancellationToken);
        return new DesiredState(
            Stored(Producers, configured.Producers), Stored(Consumers, configured.Consumers), Stored(Aggregation, configured.Aggregation));

        T Stored<T>(string name, T otherwise) =>
            stored.TryGetValue(name, out var json) ? JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) ?? otherwise : otherwise;
    }

    public Task ChangeAsync(ProducersState state, CancellationToken cancellationToken) =>
        WriteAsync(Producers, state, DesiredStateRules.Of(state), cancellationToken);

    public Task ChangeAsync(ConsumersState state, CancellationToken cancellationToken) =>
        WriteAsync(Consumers, state, DesiredStateRules.Of(state), cancellationToken);

    public Task ChangeAsync(AggregationState state, CancellationToken cancellationToken) =>
        WriteAsync(Aggregation, state, DesiredStateRules.Of(state), cancellationToken);

    /// <exception cref="ArgumentException">The state breaks the rules.</exception>
    private Task WriteAsync<T>(string name, T state, IEnumerable<ValidationError> faults, CancellationToken cancellationToken)
    {
        var messages = faults.Select(fault => fault.Message).ToList();
        return messages.Count > 0
            ? throw new ArgumentException(string.Join(' ', messages), nameof(state))
            : store.WriteAsync(name, JsonSerializer.Serialize(state, JsonSerializerOptions.Web), cancellationToken);
    }
}
