using ClickOrleans.ServiceDefaults;
using ClickOrleans.Silo.Commands;

namespace ClickOrleans.Silo.Hosting;

/// <summary>The adapters and stages without a silo: for the commands that do one thing and end.</summary>
internal static class ToolHost
{
    public static IHost Build(string? data)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.Apply(("Data", data));
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddServiceDefaults();
        var settings = Settings.Read(builder.Configuration);
        if (settings.UsesDataFolder)
        {
            DataFolder.Ensure(settings.Silo.Data);
        }

        builder.Services.AddSingleton(settings);
        builder.Services.AddClickLog(settings, builder.Configuration);
        builder.Services.AddClickStore(settings);
        builder.Services.AddClickIndex(settings, builder.Configuration);
        builder.Services.AddToolStages(settings);
        builder.Services.AddSingleton<Startup>();
        var host = builder.Build();
        host.BeginTelemetry();
        return host;
    }
}
