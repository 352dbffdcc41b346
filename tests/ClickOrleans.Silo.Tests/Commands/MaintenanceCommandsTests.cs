using ClickOrleans.Silo.Commands;
using ClickOrleans.Silo.Hosting;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests.Commands;

public sealed class MaintenanceCommandsTests
{
    [Fact]
    public void There_is_a_command_for_every_operation_of_every_adapter()
    {
        var commands = MaintenanceCommands.Of(Adapters.MaintenanceOperations);

        var index = Assert.Single(commands);
        Assert.Equal("index", index.Name);
        Assert.Equal(["rebuild"], index.Subcommands.Select(command => command.Name));
    }

    [Fact]
    public async Task An_operation_of_another_adapter_than_the_configured_one_says_what_it_needs()
    {
        using var data = new TemporaryFolder();

        var (exitCode, output) = await SiloProcess.CommandAsync(
            ["index", "rebuild"], new Dictionary<string, string> { ["ClickOrleans__Data"] = data.Path });

        Assert.Equal(2, exitCode);
        Assert.Equal("'index rebuild' needs an Elasticsearch index (ConnectionStrings:elasticsearch).", output.Trim());
    }
}
