using System.Net;
using System.Net.Sockets;
using ClickOrleans.Testing.Silos;

namespace ClickOrleans.Silo.Tests;

/// <summary>What keeps a start from succeeding is said in clear lines, without a stack trace, and with an exit code.</summary>
public sealed class StartupFaultTests
{
    [Fact]
    public async Task A_port_that_is_taken()
    {
        using var data = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var lines = await FailAsync(["run", "--data", data.Path, "--port", $"{port}"]);

        Assert.Contains($"Port {port}", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_is_not_writable()
    {
        using var data = new TemporaryFolder();
        await File.WriteAllTextAsync(data.File("file"), "");

        var lines = await FailAsync(["run", "--data", data.File("file"), "--port", $"{SiloProcess.FreePort()}"]);

        Assert.Contains("not writable", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_another_silo_owns()
    {
        using var data = new TemporaryFolder();
        await using var owner = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path]);

        var lines = await FailAsync(["run", "--data", data.Path, "--port", $"{SiloProcess.FreePort()}"]);

        Assert.Contains("in use by another silo", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_configuration_key_with_the_one_that_may_be_meant()
    {
        var lines = await FailAsync(["run"], ("ClickOrleans__Producers__Cuont", "3"));

        Assert.Equal("ClickOrleans:Producers:Cuont is unknown; did you mean ClickOrleans:Producers:Count?", Assert.Single(lines));
    }

    [Fact]
    public async Task Every_fault_at_once_with_key_value_and_range()
    {
        var lines = await FailAsync(
            ["run", "--port", "70000"],
            ("ClickOrleans__Consuming__BatchSize", "0"),
            ("ClickOrleans__Consuming__Linger", "soon"),
            ("ClickOrleans__Producers__Count", "many"));

        Assert.Equal(4, lines.Count);
        Assert.Contains("ClickOrleans:Port is '70000'; allowed are 1 to 65535", lines);
        Assert.Contains("ClickOrleans:Consuming:BatchSize is '0'; allowed are 1 to 100000", lines);
        Assert.Contains(
            "ClickOrleans:Consuming:Linger is 'soon'; allowed are times: seconds, hh:mm:ss or d.hh:mm:ss, 00:00:00 to 00:00:10",
            lines);
        Assert.Contains("ClickOrleans:Producers:Count is 'many'; allowed are whole numbers, 0 to 64", lines);
    }

    [Fact]
    public async Task Another_address_than_loopback_without_an_api_key()
    {
        var lines = await FailAsync(["run"], ("ClickOrleans__Host", "0.0.0.0"));

        Assert.Contains("API key", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_on_embedded_storage()
    {
        using var data = new TemporaryFolder();

        var lines = await FailAsync(
            ["run", "--data", data.Path, "--port", $"{SiloProcess.FreePort()}"], ("Orleans__Clustering__ProviderType", "AdoNet"));

        Assert.Contains("Embedded storage serves one silo", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--for", "0")]
    [InlineData("--rate", "-1")]
    [InlineData("--producers", "65")]
    [InlineData("--consumers", "x")]
    public async Task An_option_out_of_its_range(string option, string value)
    {
        var lines = await FailAsync(["run", option, value]);

        Assert.Contains(value, Assert.Single(lines), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> FailAsync(
        string[] arguments, params (string Name, string Value)[] environment)
    {
        var (exitCode, output) = await SiloProcess.CommandAsync(
            arguments, environment.ToDictionary(pair => pair.Name, pair => pair.Value));
        Assert.Equal(2, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
