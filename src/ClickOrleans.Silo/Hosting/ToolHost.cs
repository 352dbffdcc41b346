using ClickOrleans.FakeClicks;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.ServiceDefaults;
using ClickOrleans.Silo.Commands;
using ClickOrleans.Silo.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace ClickOrleans.Silo.Hosting;

/// <summary>The adapters and stages without a silo: for the commands that do one thing and end.</summary>
internal static class ToolHost
{
    /// <summary>Does a command's work; a failure of the outside world ends it in one line.</summary>
    /// <param name="data">The data folder where one was given.</param>
    public static async Task<int> RunAsync(string? data, Func<IServiceProvider, Task<int>> work)
    {
        using var host = Build(data);
        return await host.Services.GetRequiredService<OutageText>().GuardAsync(() => work(host.Services));
    }

    private static IHost Build(string? data)
    {
        var builder = HostBuilders.Plain();
        builder.Configuration.Apply(("Data", data));
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);

        // Standard output is the commands' own: what is exported may go there.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddServiceDefaults();
        builder.Services.AddClickOrleans(clicks => clicks
            .AddSiloOptions()
            .UseConfiguredAdapters(builder.Configuration)
            .UseFakeClicks());

        var host = builder.Build();
        SiloConfiguration.Validate(host.Services);
        host.Services.GetService<IEmbeddedStorage>()?.Ensure();
        host.BeginTelemetry();
        return host;
    }
}
