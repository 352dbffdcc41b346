using Microsoft.Extensions.Logging;

namespace ClickOrleans.Dashboard;

internal static partial class DashboardLogMessages
{
    [LoggerMessage(EventId = 460, Level = LogLevel.Warning, Message = "Refreshing the dashboard snapshot failed: {Reason}")]
    public static partial void SnapshotRefreshFailed(this ILogger logger, string reason);
}
