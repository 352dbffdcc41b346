namespace ClickOrleans.Silo.Terminal;

/// <summary>What is worth a line unless configuration says otherwise.</summary>
internal static class LoggingDefaults
{
    public static ILoggingBuilder AddQuietDefaults(this ILoggingBuilder logging) => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("ClickOrleans", LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)

        // Said at every start of a silo with short reminder periods, which are wanted here.
        .AddFilter("Orleans", LogLevel.Warning)
        .AddFilter("Orleans.Runtime.ReminderService", LogLevel.Error)
        .AddFilter("Orleans.Hosting.ReminderOptionsValidator", LogLevel.Error);
}
