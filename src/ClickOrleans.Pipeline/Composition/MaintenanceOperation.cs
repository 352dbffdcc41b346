namespace ClickOrleans.Pipeline.Composition;

/// <summary>
/// What a person can have an adapter do: <c>index rebuild</c>. An adapter registers it as an instance; a program offers it as a
/// command, a button or whatever it has.
/// </summary>
/// <param name="Subject">What it is done to: <c>log</c>, <c>store</c> or <c>index</c>.</param>
/// <param name="Name">What is done: <c>rebuild</c>.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Requirement">The adapter that it needs, for a program that runs on another.</param>
/// <param name="RunAsync">Does it, on prepared ports, and returns what was done, in one line.</param>
public sealed record MaintenanceOperation(
    string Subject,
    string Name,
    string Description,
    string Requirement,
    Func<IServiceProvider, CancellationToken, Task<string>> RunAsync);
