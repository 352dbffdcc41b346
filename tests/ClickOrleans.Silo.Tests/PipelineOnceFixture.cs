using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests;

/// <summary>
/// A data folder that a whole pipeline has worked on: clicks, dead letters, rollups and documents. Tests work on copies.
/// </summary>
public sealed class PipelineOnceFixture : IAsyncLifetime
{
    public const int Clicks = 3_000;
    public const int DeadLetters = 3;

    private readonly TemporaryFolder _folder = new();

    public async ValueTask InitializeAsync()
    {
        await ExpectDoneAsync("produce", "--count", $"{Clicks}", "--data", _folder.Path);
        var file = _folder.File("hostile.txt");
        await File.WriteAllTextAsync(file, "not json\n{}\n\n");
        await ExpectDoneAsync("produce", "--file", file, "--data", _folder.Path);
        await using var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", _folder.Path]);
        await silo.WaitForStatusAsync(
            status => status.GetProperty("totals").GetProperty("stored").GetInt64() == Clicks
                && status.GetProperty("totals").GetProperty("deadLetters").GetInt64() == DeadLetters,
            TimeSpan.FromSeconds(30));
        Assert.Equal(0, await silo.InterruptAsync(TimeSpan.FromSeconds(10)));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    public TemporaryFolder Copy()
    {
        var copy = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(_folder.Path))
        {
            File.Copy(file, copy.File(Path.GetFileName(file)));
        }

        return copy;
    }

    private static async Task ExpectDoneAsync(params string[] arguments)
    {
        var (exitCode, output) = await SiloProcess.CommandAsync(arguments);
        Assert.True(exitCode == 0, output);
    }
}
