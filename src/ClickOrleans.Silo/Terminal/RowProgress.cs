using Spectre.Console;

namespace ClickOrleans.Silo.Terminal;

/// <summary>A progress bar on a terminal, nothing elsewhere.</summary>
internal static class RowProgress
{
    /// <param name="done">What has become of the rows: <c>appended</c>.</param>
    /// <param name="total">How many there will be; null if nobody knows.</param>
    public static Task ShowAsync(string done, long? total, Func<Action<long>, Task> work) =>
        !AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected
            ? work(_ => { })
            : AnsiConsole.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
                .StartAsync(async context =>
                {
                    var task = context.AddTask(done, maxValue: total ?? 1);
                    task.IsIndeterminate = total is null;
                    await work(rows =>
                    {
                        task.Description = $"{rows:N0} {done}";
                        task.Value = total is null ? 0 : rows;
                    });
                    task.Value = task.MaxValue;
                });
}
