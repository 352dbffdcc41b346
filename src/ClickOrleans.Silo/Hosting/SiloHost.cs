using System.Net;
using ClickOrleans.FakeClicks;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.ServiceDefaults;
using ClickOrleans.Silo.Commands;
using ClickOrleans.Silo.Configuration;
using ClickOrleans.Silo.Http;
using ClickOrleans.Silo.Status;
using ClickOrleans.Silo.Terminal;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Silo.Hosting;

/// <summary>A silo with the whole pipeline and its HTTP interface: started, ready, run, drained, stopped.</summary>
internal sealed class SiloHost : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReconcilePoll = TimeSpan.FromMilliseconds(10);

    private readonly WebApplication _app;
    private readonly RunDisplay _display;
    private readonly bool _isClustered;

    private SiloHost(WebApplication app, RunDisplay display)
    {
        _app = app;
        _display = display;
        _isClustered = app.Configuration.IsClustered();
    }

    public IServiceProvider Services => _app.Services;

    /// <exception cref="StartupException">Something is wrong with the configuration; the message names every error.</exception>
    public static SiloHost Build(WebApplicationBuilder builder)
    {
        var display = RunDisplay.Choose(builder.Logging);
        builder.AddServiceDefaults();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<OutageHandler>();
        builder.Services.AddClickOrleans(clicks => clicks
            .AddSiloOptions()
            .UseConfiguredAdapters(builder.Configuration)
            .UseFakeClicks());
        SiloConfiguration.Validate(builder.Configuration);
        builder.AddSilo();
        builder.Services.AddStatus();
        builder.Services.AddSingleton<PipelineDrain>();
        builder.AddDashboard();

        var app = builder.Build();

        // Takes the place of what the server would read from its own configuration: see PlatformAddress.
        var http = app.Services.GetRequiredService<IOptions<HttpOptions>>().Value;
        app.Urls.Add($"http://{new IPEndPoint(http.Address, http.Port)}");
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapPipeline();
        app.MapDefaultEndpoints();
        return new SiloHost(app, display);
    }

    /// <summary>Starts everything and returns when the pipeline is as desired.</summary>
    public async Task StartAsync(RunOptions options, CancellationToken stop)
    {
        ListeningPort.Check(Services.GetRequiredService<IOptions<HttpOptions>>().Value);
        await Services.GetRequiredService<Preparation>().RunForSiloAsync(stop);
        await RunOptionsChange.ApplyAsync(options, Services, stop);
        await _app.StartAsync(stop);
        while (!await IsReconciledAsync())
        {
            await Task.Delay(ReconcilePoll, Services.GetRequiredService<TimeProvider>(), stop);
        }
    }

    /// <summary>Runs until it is told to stop, or for a time; then drains and stops.</summary>
    public async Task RunAsync(TimeSpan? duration, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop, _app.Lifetime.ApplicationStopping);
        if (duration is not null)
        {
            ended.CancelAfter(duration.Value);
        }

        await _display.ShowAsync(_app, ended.Token);
        var drain = Services.GetRequiredService<PipelineDrain>();
        if (!_isClustered)
        {
            await drain.RunAsync();
        }

        var last = await drain.ReadStatusAsync();
        await _app.StopAsync(CancellationToken.None);
        _display.Summarize(last);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>In a cluster the grain may just be moving from a silo that leaves.</summary>
    private async Task<bool> IsReconciledAsync()
    {
        try
        {
            var pipeline = Services.GetRequiredService<IGrainFactory>().GetGrain<IPipelineGrain>(0);
            return (await pipeline.GetReportAsync()).Reconciled is not null;
        }
        catch (Exception) when (_isClustered)
        {
            return false;
        }
    }
}
