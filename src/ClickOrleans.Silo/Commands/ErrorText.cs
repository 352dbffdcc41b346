using System.Data.Common;
using System.Net.Sockets;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Silo.Commands;

/// <summary>One line for failures of the outside world; null for what would be a fault of the program, which keeps its stack trace.</summary>
internal static class ErrorText
{
    public static string? Of(Exception fault) => fault switch
    {
        DbException or IOException or UnauthorizedAccessException or SocketException or HttpRequestException or TimeoutException
            or IndexSetupException or LogAppendException or LogMissingException or LogReplacedException => fault.Message,
        _ when fault.GetType().Name is "KafkaException" => fault.Message,
        _ => null,
    };
}
