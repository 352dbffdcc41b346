using Microsoft.Extensions.Logging;

namespace ClickOrleans.Pipeline.Composition;

internal static partial class CompositionLogMessages
{
    [LoggerMessage(400, LogLevel.Information, "Log: {Log}. Store: {Store}. Index: {Index}")]
    public static partial void AdaptersChosen(this ILogger logger, string log, string store, string index);

    [LoggerMessage(401, LogLevel.Warning, "{Dependency} unavailable: {Reason}; retrying in {Seconds} s")]
    public static partial void DependencyUnavailable(this ILogger logger, string dependency, string reason, double seconds);
}
