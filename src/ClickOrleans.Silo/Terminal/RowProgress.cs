using Spectre.Console;

namespace ClickOrleans.Silo.Terminal;

/// <summary>A progress bar on a terminal, nothing elsewhere.</summary>
internal static class ProduceProgress
{
    /// <param name="total">How many messages there will be; null if nobody knows.</param>
    public static Task ShowAsync(long? total, Func<Action<long>, Task> work) =>
        !AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected
            ? work(_ => { })
            : AnsiConsole.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
                .StartAsync(async context =>
                {
                    var task = context.AddTask("appending", maxValue: total ?? 1);
                    task.IsIndeterminate = total is null;
                    await work(done =>
                    {
                        task.Description = $"{done:N0} appended";
                        task.Value = total is null ? 0 : done;
                    });
                    task.Value = task.MaxValue;
                });
}
