namespace ClickOrleans.Pipeline.Telemetry;

/// <summary>What the pipeline cannot do without.</summary>
public enum Dependency
{
    Log,
    Store,
    Index,
}
