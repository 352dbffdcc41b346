namespace ClickOrleans.Silo.Commands;

/// <summary>What was given to <c>run</c>; null = not given.</summary>
internal sealed record RunOptions(double? For, int? Producers, double? Rate, int? Consumers, string? Data, int? Port);
