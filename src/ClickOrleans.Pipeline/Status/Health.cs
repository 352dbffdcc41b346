namespace ClickOrleans.Pipeline.Status;

/// <summary>Whether the pipeline keeps up: false names the stage that does not, or the partition that is stopped.</summary>
public sealed record Health(bool IsReady, IReadOnlyList<string> Reasons);
