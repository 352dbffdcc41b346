using System.Net.Sockets;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Composition;

/// <summary>The ports' own exceptions, files and sockets.</summary>
internal sealed class PipelineOutages : IOutageClassifier
{
    public string? Describe(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or SocketException or TimeoutException
            or IndexSetupException or LogAppendException or LogMissingException or LogReplacedException
            ? exception.Message
            : null;
}
