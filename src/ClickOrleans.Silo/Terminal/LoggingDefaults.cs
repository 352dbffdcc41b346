namespace ClickOrleans.Silo.Terminal;

/// <summary>What is worth a line unless configuration says otherwise.</summary>
internal static class LoggingDefaults
{
    public static ILoggingBuilder AddQuietDefaults(this ILoggingBuilder logging) => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("ClickOrleans", LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("Orleans", LogLevel.Warning)

        // Said at every start: about the server garbage collector, the time before the silo was there, short reminder periods.
        .AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
        .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
        .AddFilter("Orleans.Runtime.ReminderService", LogLevel.Error)
        .AddFilter("Orleans.Hosting.ReminderOptionsValidator", LogLevel.Error);
}
