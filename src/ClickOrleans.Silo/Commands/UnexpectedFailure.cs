namespace ClickOrleans.Silo.Commands;

/// <summary>
/// A failure that nothing foresaw: one line for whoever runs the program, the stack trace for whoever mends it.
/// </summary>
internal static class UnexpectedFailure
{
    private const string Level = "Logging__LogLevel__Default";

    public static string Describe(Exception exception) =>
        Environment.GetEnvironmentVariable(Level) is "Debug" or "Trace"
            ? exception.ToString()
            : $"Unexpected {exception.GetType().Name}: {OneLine(exception.Message)} ({Level}=Debug shows where.)";

    private static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
