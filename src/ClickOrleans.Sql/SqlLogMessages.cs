using Microsoft.Extensions.Logging;

namespace ClickOrleans.Sql;

internal static partial class SqlLogMessages
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Applied schema script {Script} to {Store}")]
    public static partial void SchemaScriptApplied(this ILogger logger, string script, string store);
}
