using ClickOrleans.Testing.Pipelines;

namespace ClickOrleans.Silo.Tests;

/// <summary>The short form of the drill <c>files-back</c>, which tries every combination.</summary>
public sealed class FilesBackTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Files_copied_back_heal_with_no_command_given()
    {
        using var drill = new FilesBackDrill(20_000, output.WriteLine);
        await drill.PrepareAsync();

        await drill.RunAsync("store");
        await drill.RunAsync("index");
        await drill.RunAsync("store+log");
    }
}
