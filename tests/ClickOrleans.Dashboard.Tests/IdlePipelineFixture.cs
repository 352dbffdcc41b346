using System.Text;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>A silo that has caught up and has no producers: its state does not change during the tests.</summary>
public sealed class IdlePipelineFixture : IAsyncLifetime
{
    public const int Clicks = 2_001;
    public const int DeadLetters = ActivePipelineFixture.DeadLetters;

    private readonly TemporaryFolder _data = new();
    private SiloProcess? _silo;

    public SiloProcess Silo => _silo!;

    public string Address => $"http://127.0.0.1:{Silo.Port}";

    public async ValueTask InitializeAsync()
    {
        await ActivePipelineFixture.ProduceAsync(_data, "--count", $"{Clicks - 1}");
        await ActivePipelineFixture.ProduceHostileAsync(_data);
        _silo = await SiloProcess.RunAsync(
            ["--producers", "0", "--data", _data.Path],
            new Dictionary<string, string> { ["ClickOrleans__Aggregation__Interval"] = "1.00:00:00" });
        await _silo.WaitForStatusAsync(
            status => status.GetProperty("totals") is var totals
                && totals.GetProperty("stored").GetInt64() == Clicks
                && totals.GetProperty("deadLetters").GetInt64() == DeadLetters,
            TimeSpan.FromSeconds(40));
        using var empty = new StringContent("", Encoding.UTF8);
        for (var run = 0; run < 2; run++)
        {
            (await _silo.Http.PostAsync(new Uri("/api/aggregation/run", UriKind.Relative), empty)).EnsureSuccessStatusCode();
        }

        await _silo.WaitForStatusAsync(
            status => status.GetProperty("totals").GetProperty("folded").GetInt64() == Clicks, TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        _data.Dispose();
        GC.SuppressFinalize(this);
    }
}
