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
        .AddFilter("Orleans.Hosting.ReminderOptionsValidator", LogLevel.Error)

        // Said at every stop of a silo that keeps its reminders in memory: they end before those who read them.
        .AddFilter("Orleans.Runtime.ReminderService", LogLevel.Critical)
        .AddFilter("Orleans.Messaging", LogLevel.Critical)
        .AddFilter("Orleans.Runtime.SiloLifecycleSubject", LogLevel.Critical)

        // Each try of a retry: what comes of it in the end is said by who asked.
        .AddFilter("Polly", LogLevel.None);
}
