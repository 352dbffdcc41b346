using System.Text.Json;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Control;

/// <summary>
/// Reads and changes desired state: what is stored, or, while nothing is, what is configured. Every change is validated here,
/// whoever asks for it.
/// </summary>
public sealed class DesiredStateService(IDesiredStateStore store, DesiredState configured)
{
    public async Task<DesiredState> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(cancellationToken);
        return new DesiredState(Stored(configured.Producers), Stored(configured.Consumers), Stored(configured.Aggregation));

        T Stored<T>(T otherwise)
            where T : IDesiredPart =>
            stored.TryGetValue(T.Name, out var json)
                ? JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) ?? otherwise
                : otherwise;
    }

    /// <returns>What is not allowed, field by field; nothing was changed then.</returns>
    public async Task<IReadOnlyList<ValidationError>> ChangeAsync<T>(T part, CancellationToken cancellationToken)
        where T : IDesiredPart
    {
        var errors = part.Validate().ToList();
        if (errors.Count == 0)
        {
            await store.WriteAsync(T.Name, JsonSerializer.Serialize(part, JsonSerializerOptions.Web), cancellationToken);
        }

        return errors;
    }
}
