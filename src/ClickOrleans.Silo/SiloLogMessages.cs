using System.Net;

namespace ClickOrleans.Silo;

internal static partial class SiloLogMessages
{
    [LoggerMessage(420, LogLevel.Information, "Ready: http://{Address}:{Port}/api/status")]
    public static partial void Ready(this ILogger logger, IPAddress address, int port);

    [LoggerMessage(
        421,
        LogLevel.Information,
        "produced {Produced} stored {Stored} lag {Lag} rate {Rate:0}/s rollups {Rollups} indexed {Indexed} " +
        "dead letters {DeadLetters}")]
    public static partial void Progress(
        this ILogger logger, long produced, long stored, string lag, double rate, long rollups, long indexed, long deadLetters);

    [LoggerMessage(440, LogLevel.Warning, "{Index}: {Problem}")]
    public static partial void IndexProblem(this ILogger logger, string index, string problem);
}
