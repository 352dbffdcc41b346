using System.CommandLine;
using System.Net;
using ClickOrleans.Silo.Configuration;
using ClickOrleans.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Silo.Commands;

/// <summary>
/// <c>health</c>: asks the silo of the same configuration on this machine, for platforms that probe by a command.
/// </summary>
internal sealed class HealthCommand : Command
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly Option<bool> _live = new("--live") { Description = "Ask whether it lives, not whether it is ready." };
    private readonly Option<int?> _port = new("--port") { Description = "Port of the HTTP interface.", HelpName = "P" };

    public HealthCommand()
        : base("health", "Ask the silo on this machine whether it is ready. Exit 0: it is. Exit 1: it is not, or no answer.")
    {
        Options.Add(_live);
        Options.Add(_port);
        SetAction((parsed, _) => CommandLine.GuardAsync(token =>
            RunAsync(parsed.GetValue(_live) ? "live" : "ready", parsed.GetValue(_port), token)));
    }

    private static async Task<int> RunAsync(string question, int? port, CancellationToken cancellationToken)
    {
        var builder = HostBuilders.Plain();
        builder.Configuration.Apply(("Port", port?.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        builder.Configuration.CompleteAddress();
        await using var services = SiloConfiguration.Read(builder.Configuration);
        SiloConfiguration.Validate(services);
        var silo = services.GetRequiredService<IOptions<HttpOptions>>().Value;
        var address = silo.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : silo.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : silo.Address;
        using var http = new HttpClient { Timeout = Timeout };
        try
        {
            var uri = new Uri($"http://{new IPEndPoint(address, silo.Port)}/health/{question}");
            using var answer = await http.GetAsync(uri, cancellationToken);
            Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellationToken));
            return answer.IsSuccessStatusCode ? CommandLine.Done : CommandLine.Differences;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"The silo on {address}:{silo.Port} does not answer: {exception.Message}");
            return CommandLine.Differences;
        }
    }
}
