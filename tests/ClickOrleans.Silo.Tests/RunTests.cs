using System.Text.Json;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests;

public sealed class RunTests
{
    [Fact]
    public async Task A_run_for_a_time_stores_its_rate_folds_indexes_and_is_verified()
    {
        const int Seconds = 20;
        const int Rate = 2_000;
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--for", $"{Seconds}", "--rate", $"{Rate}", "--data", data.Path]);

        var exitCode = await silo.WaitForExitAsync(TimeSpan.FromSeconds(Seconds + 15));

        Assert.True(exitCode == 0, silo.Output);
        var stored = Database.Ask<long>(data.File("store.db"), "select count(*) from clickstream_data");
        Assert.Equal(Database.Ask<long>(data.File("log.db"), "select count(*) from messages"), stored);
        Assert.Equal(Database.Ask<long>(data.File("store.db"), "select sum(folded) from aggregation_offsets"), stored);

        // Producers begin a moment before the silo is ready, from when on its time counts.
        var seconds = Database.Ask<double>(
            data.File("store.db"),
            "select (julianday(max(timestamp)) - julianday(min(timestamp))) * 86400 from clickstream_data");
        Assert.InRange(seconds, Seconds - 1, Seconds + 1);
        Assert.InRange(stored, seconds * Rate * 0.95, seconds * Rate * 1.0125);

        // Twice on schedule and once at the end.
        Assert.True(Database.Ask<long>(data.File("store.db"), "select max(version) from click_rollups") >= 3);
        Assert.True(Database.Ask<long>(data.File("index.db"), "select max(version) from click_events") >= 3);
        var verified = await SiloProcess.CommandAsync(["verify", "--data", data.Path]);
        Assert.True(verified.ExitCode == 0, verified.Output);
    }

    [Fact]
    public async Task An_interrupt_under_load_ends_within_five_seconds_with_everything_stored()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--rate", "3000", "--data", data.Path]);
        await silo.WaitForStatusAsync(
            status => status.GetProperty("totals").GetProperty("stored").GetInt64() > 2_000, TimeSpan.FromSeconds(20));

        var exitCode = await silo.InterruptAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(0, exitCode);
        Assert.Equal(
            Database.Ask<long>(data.File("log.db"), "select count(*) from messages"),
            Database.Ask<long>(data.File("store.db"), "select count(*) from clickstream_data"));
        var verified = await SiloProcess.CommandAsync(["verify", "--data", data.Path]);
        Assert.True(verified.ExitCode == 0, verified.Output);
    }

    /// <summary>A machine with many containers may have no inotify instance left.</summary>
    [Fact]
    public async Task A_running_silo_holds_no_inotify_instance()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "inotify is Linux's");
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path]);
        using var page = await silo.Http.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        var handles = Directory.EnumerateFiles($"/proc/{silo.Id}/fd").Select(file => new FileInfo(file).LinkTarget).ToList();

        Assert.Contains(handles, target => target?.StartsWith("socket:", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(handles, target => target?.Contains("inotify", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task The_status_has_the_shape_that_others_rely_on()
    {
        using var data = new TemporaryFolder();
        await using var silo = await SiloProcess.RunAsync(
            ["--rate", "500", "--producers", "2", "--consumers", "3", "--data", data.Path]);

        var status = await silo.WaitForStatusAsync(
            status => status.GetProperty("aggregation").GetProperty("lastRun").ValueKind == JsonValueKind.Object
                && status.GetProperty("totals").GetProperty("folded").GetInt64() > 0,
            TimeSpan.FromSeconds(30));

        Assert.Equal(
            (2, 500),
            (
                status.GetProperty("producers").GetProperty("count").GetInt32(),
                status.GetProperty("producers").GetProperty("ratePerSecond").GetInt32()));
        Assert.True(status.GetProperty("producers").GetProperty("produced").GetInt64() > 0);
        Assert.Equal(3, status.GetProperty("consumers").GetProperty("count").GetInt32());
        var partitions = status.GetProperty("consumers").GetProperty("partitions").EnumerateArray().ToList();
        Assert.Equal([0, 1, 2, 3], partitions.Select(partition => partition.GetProperty("partition").GetInt32()));
        Assert.Equal([0, 1, 2, 0], partitions.Select(partition => partition.GetProperty("consumer").GetInt32()));
        var silos = status.GetProperty("silos").EnumerateArray().ToList();
        var name = Assert.Single(silos).GetProperty("name").GetString();
        Assert.All(partitions, partition =>
        {
            Assert.Equal(name, partition.GetProperty("silo").GetString());
            Assert.Equal("running", partition.GetProperty("state").GetString());
            Assert.Equal(JsonValueKind.Null, partition.GetProperty("error").ValueKind);
            Assert.Equal(
                partition.GetProperty("endOffset").GetInt64() - partition.GetProperty("nextOffset").GetInt64(),
                partition.GetProperty("lag").GetInt64());
        });
        Assert.Equal("00:00:05", status.GetProperty("aggregation").GetProperty("schedule").GetString());
        Assert.False(status.GetProperty("aggregation").GetProperty("paused").GetBoolean());
        Assert.True(status.GetProperty("totals").GetProperty("rollups").GetInt64() > 0);
        Assert.InRange(status.GetProperty("oldestUnprocessedSeconds").GetDouble(), 0, 5);
        Assert.Equal("active", silos[0].GetProperty("status").GetString());
        var ready = await silo.Http.GetAsync("/health/ready");
        Assert.True(ready.IsSuccessStatusCode, await ready.Content.ReadAsStringAsync());
        Assert.True((await silo.Http.GetAsync("/health/live")).IsSuccessStatusCode);
    }
}
