namespace ClickOrleans.Grains.Pipelines;

/// <summary>
/// A set of equal grains 0..n-1: asks each that should run to run, stops those that should not any more, and keeps what they
/// last said. Whatever one says, at its end too, is heard. One that fails to answer is reported and does not hold up the others.
/// </summary>
internal sealed class Workforce<TReport>(
    string what, Func<int, Task<TReport>> stop, Action<TReport> heard, TimeProvider time)
    where TReport : class
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SortedDictionary<int, TReport?> _reports = [];

    public IEnumerable<TReport> Reports => _reports.Values.OfType<TReport>();

    /// <summary>
    /// Those at work first, so that they let go of what is dealt to others now; then those that are new.
    /// </summary>
    public async Task EnsureAsync(int count, Func<int, Task<TReport>> ensure, List<string> errors)
    {
        await AskAsync(_reports.Keys.Where(index => index >= count).ToList(), stop, errors);
        foreach (var gone in _reports.Keys.Where(index => index >= count).ToList())
        {
            _reports.Remove(gone);
        }

        await AskAsync(_reports.Keys.ToList(), ensure, errors);
        await AskAsync(Enumerable.Range(0, count).Except(_reports.Keys).ToList(), ensure, errors);
    }

    private async Task AskAsync(List<int> indexes, Func<int, Task<TReport>> ask, List<string> errors)
    {
        var asked = indexes.ConvertAll(index => (Index: index, Answer: ask(index).WaitAsync(Patience, time)));
        foreach (var (index, answer) in asked)
        {
            try
            {
                var report = await answer;
                _reports[index] = report;
                heard(report);
            }
            catch (Exception failure)
            {
                _reports.TryAdd(index, null);
                errors.Add($"{what} {index}: {failure.Message}");
            }
        }
    }
}
