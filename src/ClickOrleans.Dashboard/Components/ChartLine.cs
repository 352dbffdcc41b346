namespace ClickOrleans.Dashboard.Components;

/// <param name="Class">The CSS class: <c>line-a</c> or <c>line-b</c>.</param>
/// <param name="Values">One per second, the latest last.</param>
public sealed record ChartLine(string Name, string Class, IReadOnlyList<double> Values);
