using System.Globalization;
using System.Net;
using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.ServiceDefaults;
using ClickOrleans.Silo.Commands;
using ClickOrleans.Silo.Http;
using ClickOrleans.Silo.Status;
using ClickOrleans.Silo.Terminal;

namespace ClickOrleans.Silo.Hosting;

/// <summary>A silo with the whole pipeline and its HTTP interface: started, ready, run, drained, stopped.</summary>
internal sealed class SiloHost : IAsyncDisposable
{
    /// <summary>A stop ends within 5 s: this is what draining and the last aggregation get of it.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan LastRunTimeout = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;
    private readonly RunDisplay _display;
    private readonly bool _isClustered;

    private SiloHost(WebApplication app, RunDisplay display, bool isClustered)
    {
        _app = app;
        _display = display;
        _isClustered = isClustered;
    }

    private IPipelineGrain Pipeline => _app.Services.GetRequiredService<IGrainFactory>().GetGrain<IPipelineGrain>(0);

    private TimeProvider Time => _app.Services.GetRequiredService<TimeProvider>();

    public static SiloHost Build(WebApplicationBuilder builder, Settings settings)
    {
        var display = RunDisplay.Choose(builder.Logging);
        builder.AddServiceDefaults();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton(settings);
        builder.Services.AddClickLog(settings, builder.Configuration);
        builder.Services.AddClickStore(settings);
        builder.Services.AddClickIndex(settings, builder.Configuration);
        builder.Services.AddStages(settings);
        builder.Services.AddSingleton<Startup>();
        builder.Services.AddSingleton<SiloDirectory>();
        builder.Services.AddSingleton<StatusReader>();
        builder.Services.AddSingleton<StageAges>();
        builder.AddSilo(settings);
        builder.Services.AddSingleton<IndexMonitor>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<IndexMonitor>());
        builder.Services.AddSingleton<StatusSampler>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<StatusSampler>());
        builder.Services.AddSingleton<LivenessMonitor>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<LivenessMonitor>());
        builder.AddDashboard();

        var app = builder.Build();

        // Takes the place of what the server would read from its own configuration: see PlatformAddress.
        app.Urls.Add($"http://{new IPEndPoint(settings.Silo.Address, settings.Silo.Port)}");
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapPipeline();
        app.MapDefaultEndpoints();
        return new SiloHost(app, display, builder.Configuration.IsClustered());
    }

    /// <summary>Starts everything and returns when the pipeline is as desired.</summary>
    public async Task StartAsync(RunOptions options, CancellationToken stop)
    {
        await _app.Services.GetRequiredService<Startup>().PrepareAsync(stop);
        await ChangeDesiredStateAsync(options, stop);
        await _app.StartAsync(stop);
        while (!await IsReconciledAsync())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), Time, stop);
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
        if (!_isClustered)
        {
            await DrainAsync();
        }

        var last = await ReadStatusAsync();
        await _app.StopAsync(CancellationToken.None);
        _display.Summarize(last);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>In a cluster the grain may just be moving from a silo that leaves.</summary>
    private async Task<bool> IsReconciledAsync()
    {
        try
        {
            return (await Pipeline.GetReportAsync()).Reconciled is not null;
        }
        catch (Exception) when (_isClustered)
        {
            return false;
        }
    }

    /// <summary>An option given to <c>run</c> is a change of desired state.</summary>
    private async Task ChangeDesiredStateAsync(RunOptions options, CancellationToken cancellationToken)
    {
        var keeper = _app.Services.GetRequiredService<DesiredStateService>();
        var desired = await keeper.ReadAsync(cancellationToken);
        if (options.Producers is not null || options.Rate is not null)
        {
            await keeper.ChangeAsync(
                new ProducersState(options.Producers ?? desired.Producers.Count, options.Rate ?? desired.Producers.RatePerSecond),
                cancellationToken);
        }

        if (options.Consumers is { } consumers)
        {
            await keeper.ChangeAsync(new ConsumersState(consumers), cancellationToken);
        }
    }

    /// <summary>Alone, the silo finishes what takes a moment more; what it cannot finish, the next start does.</summary>
    private async Task DrainAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(DrainTimeout, Time);
            await Pipeline.StopProducingAsync().WaitAsync(timeout.Token);
            while ((await ReadStatusAsync()) is { Totals.Lag: > 0, Consumers.Count: > 0 })
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), Time, timeout.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // What is not stored by now is read again at the next start.
        }

        try
        {
            using var timeout = new CancellationTokenSource(LastRunTimeout, Time);
            await _app.Services.GetRequiredService<IGrainFactory>().GetGrain<IAggregationGrain>(0).RunNowAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // What is not folded by now is folded at the next start.
        }
    }

    private async Task<PipelineStatus?> ReadStatusAsync()
    {
        try
        {
            var reader = _app.Services.GetRequiredService<StatusReader>();
            return await reader.ReadNowAsync(CancellationToken.None).WaitAsync(DrainTimeout, Time);
        }
        catch (Exception)
        {
            return _app.Services.GetRequiredService<StatusSampler>().Status?.AsOfEarlier();
        }
    }
}
