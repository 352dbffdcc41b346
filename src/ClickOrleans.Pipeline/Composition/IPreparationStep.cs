namespace ClickOrleans.Pipeline.Composition;

/// <summary>
/// Something besides store and log that has to be there before the pipeline can run, such as a cluster's tables.
/// </summary>
public interface IPreparationStep
{
    /// <summary>What it is and where, without secrets.</summary>
    string Description { get; }

    /// <summary>Makes what is missing. Any exception is an outage.</summary>
    Task ApplyAsync(CancellationToken cancellationToken);
}
