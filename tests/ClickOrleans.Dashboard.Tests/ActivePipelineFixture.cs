using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>A silo with embedded storage under load, with clicks, dead letters of several reasons, rollups and runs.</summary>
public sealed class ActivePipelineFixture : IAsyncLifetime
{
    public const int DeadLetters = 5;

    private readonly TemporaryFolder _data = new();
    private SiloProcess? _silo;

    public SiloProcess Silo => _silo!;

    public string Address => $"http://127.0.0.1:{Silo.Port}";

    public async ValueTask InitializeAsync()
    {
        await ProduceHostileAsync(_data);
        _silo = await SiloProcess.RunAsync(
            ["--rate", "300", "--data", _data.Path],
            new Dictionary<string, string> { ["ClickOrleans__Aggregation__Interval"] = "00:00:02" });
        await _silo.WaitForStatusAsync(
            status => status.GetProperty("totals") is var totals
                && totals.GetProperty("deadLetters").GetInt64() == DeadLetters
                && totals.GetProperty("indexed").GetInt64() > 50
                && status.GetProperty("aggregation").GetProperty("lastRuns").GetArrayLength() > 2,
            TimeSpan.FromSeconds(40));
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        _data.Dispose();
    }

    public static async Task ProduceAsync(TemporaryFolder data, params string[] arguments)
    {
        var (exitCode, output) = await SiloProcess.CommandAsync(["produce", .. arguments, "--data", data.Path]);
        Assert.True(exitCode == 0, output);
    }

    /// <summary>One click with markup in its fields, and invalid messages for five reasons.</summary>
    public static async Task ProduceHostileAsync(TemporaryFolder data)
    {
        const string Url = "/<script>alert(1)</script>";
        const string Img = "<img src=x onerror=alert(2)>";
        const string Agent = """
            "browser":"b","os":"o","device":"d"
            """;
        var messages = data.File("messages.txt");
        await File.WriteAllTextAsync(
            messages,
            $$"""
            not json
            {}
            {"user_id":"v1","timestamp":"2026-05-01 10:00:00","url":"{{Url}}","country":"<b>Land</b>","city":"{{Img}}",{{Agent}}}
            {"user_id":"v2","timestamp":"not a time","url":"/shop","country":"DE","city":"<script>alert(3)</script>",{{Agent}}}
            {"user_id":"v3","timestamp":12,"url":17,"country":"DE","city":"c",{{Agent}}}
            [1,2,3]

            """);
        await ProduceAsync(data, "--file", messages);
    }
}
