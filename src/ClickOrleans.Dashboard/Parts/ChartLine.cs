namespace ClickOrleans.Dashboard.Parts;

/// <param name="Class">The style's class: <c>line-a</c> or <c>line-b</c>.</param>
/// <param name="Values">One for each second, the last one now.</param>
public sealed record ChartLine(string Name, string Class, IReadOnlyList<double> Values);
