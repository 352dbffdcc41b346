using System.Globalization;
using System.Text.RegularExpressions;

namespace ClickOrleans.Kafka;

/// <summary>Reads the connection string <c>kafka</c>: <c>host:port</c>, several separated by commas.</summary>
internal static partial class KafkaServers
{
    /// <summary>The list without blanks, as librdkafka takes it.</summary>
    /// <exception cref="FormatException">It is no such list; the message has no part of it.</exception>
    public static string Parse(string text)
    {
        var servers = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return servers.Length > 0 && Array.TrueForAll(servers, IsServer)
            ? string.Join(',', servers)
            : throw new FormatException(
                "ConnectionStrings:kafka is not a list of servers: allowed are host:port, several separated by commas. "
                + "What else a client needs is below ClickOrleans:Kafka:Client.");
    }

    private static bool IsServer(string text) =>
        Server().Match(text) is { Success: true } server
        && (!server.Groups["port"].Success
            || int.Parse(server.Groups["port"].ValueSpan, CultureInfo.InvariantCulture) is > 0 and <= ushort.MaxValue);

    /// <summary>librdkafka also takes a protocol in front: <c>PLAINTEXT://host:9092</c>.</summary>
    [GeneratedRegex(
        @"^([a-z_]+://)?(\[[0-9a-f:.%]+\]|[a-z0-9._-]+)(:(?<port>[0-9]{1,5}))?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Server();
}
