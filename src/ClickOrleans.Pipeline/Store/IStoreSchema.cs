namespace ClickOrleans.Pipeline.Store;

/// <summary>Brings the store's tables to this version.</summary>
public interface IStoreSchema
{
    /// <summary>What the store is and where, without secrets, for the line at start.</summary>
    string Description { get; }

    /// <summary>Applies the numbered scripts that are missing, under a lock: several silos may start at once.</summary>
    Task ApplyAsync(CancellationToken cancellationToken);
}
