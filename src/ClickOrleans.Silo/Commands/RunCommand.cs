using System.CommandLine;
using System.Globalization;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Silo.Configuration;
using ClickOrleans.Silo.Hosting;

namespace ClickOrleans.Silo.Commands;

/// <summary><c>run</c>, the default: a silo with the whole pipeline, until it is stopped.</summary>
internal sealed class RunCommand : Command
{
    private readonly Option<double?> _for = new("--for")
    {
        Description = "Stop so many seconds after the silo is ready.",
        HelpName = "SECONDS",
    };

    private readonly Option<int?> _producers = new("--producers")
    {
        Description = "How many producers of fake clicks run.",
        HelpName = "N",
    };

    private readonly Option<double?> _rate = new("--rate")
    {
        Description = "Clicks per second, all producers together; 0 = unlimited.",
        HelpName = "N",
    };

    private readonly Option<int?> _consumers = new("--consumers")
    {
        Description = "How many consumers share the partitions; 0 = paused.",
        HelpName = "N",
    };

    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<int?> _port = new("--port") { Description = "Port of the HTTP interface.", HelpName = "P" };

    public RunCommand()
        : base("run", "Run a silo with the whole pipeline (the default).")
    {
        foreach (var option in new Option[] { _for, _producers, _rate, _consumers, _data, _port })
        {
            Options.Add(option);
        }

        SetAction(InvokeAsync);
    }

    public Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        CommandLine.GuardAsync(token => RunAsync(
            new RunOptions(
                parsed.GetValue(_for),
                parsed.GetValue(_producers),
                parsed.GetValue(_rate),
                parsed.GetValue(_consumers),
                parsed.GetValue(_data),
                parsed.GetValue(_port)),
            token));

    private static async Task<int> RunAsync(RunOptions options, CancellationToken stop)
    {
        if (options.For is { } seconds && seconds is not (> 0 and <= 31_536_000))
        {
            throw new StartupException(
                ValidationError.NotAllowed("--for", seconds, "more than 0 and up to 31536000 seconds").Message);
        }

        var builder = HostBuilders.Web();
        builder.Configuration.Apply(
            ("Data", options.Data),
            ("Port", options.Port?.ToString(CultureInfo.InvariantCulture)),
            ("Producers:Count", options.Producers?.ToString(CultureInfo.InvariantCulture)),
            ("Producers:RatePerSecond", options.Rate?.ToString("R", CultureInfo.InvariantCulture)),
            ("Consumers:Count", options.Consumers?.ToString(CultureInfo.InvariantCulture)));
        builder.Configuration.CompleteAddress();
        await using var silo = SiloHost.Build(builder);
        return await silo.Services.GetRequiredService<OutageText>().GuardAsync(async () =>
        {
            await silo.StartAsync(options, stop);
            await silo.RunAsync(options.For is { } after ? TimeSpan.FromSeconds(after) : null, stop);
            return CommandLine.Done;
        });
    }
}
