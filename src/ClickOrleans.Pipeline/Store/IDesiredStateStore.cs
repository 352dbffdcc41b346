namespace ClickOrleans.Pipeline.Store;

/// <summary>Keeps desired state: small JSON texts by name.</summary>
public interface IDesiredStateStore
{
    /// <summary>Everything stored, by name; names never stored are absent.</summary>
    Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken cancellationToken);

    Task WriteAsync(string name, string json, CancellationToken cancellationToken);
}
