using System.Net;
using System.Text;
using System.Text.Json;
using ClickOrleans.Testing.Silos;
using ClickOrleans.Testing;

namespace ClickOrleans.Deploy.Tests.Aspire;

/// <summary>Three silos as Aspire would start them, on real servers, told nothing but its environment.</summary>
public sealed class ReplayTests(SharedServers servers, ITestOutputHelper output)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Three_replicas_form_a_cluster_store_clicks_obey_the_dashboard_s_buttons_and_verify()
    {
        await servers.StartAsync();
        var shared = AppHostEnvironment.Shared(servers, $"clickorleans-{Guid.CreateVersion7():N}");
        await using var replicas = new Replicas(shared, AppHost.Replicas);

        var silo = replicas.First;
        await silo.WaitForStatusAsync(
            status => status.GetProperty("silos").EnumerateArray().Count(member => member.GetProperty("status").GetString() == "active") == 3
                && status.GetProperty("consumers").GetProperty("count").GetInt32() == 3
                && status.GetProperty("consumers").GetProperty("partitions").GetArrayLength() == 6
                && status.GetProperty("totals").GetProperty("stored").GetInt64() > 1000,
            Timeout);
        await replicas.WaitForHealthAsync(AppHost.HealthPath, Timeout);
        Assert.All(await replicas.AddressesAsync(), address => Assert.StartsWith("127.0.0.1:", address, StringComparison.Ordinal));

        await PressAsync(silo, "Pause consumers");
        await silo.WaitForStatusAsync(status => status.GetProperty("consumers").GetProperty("count").GetInt32() == 0, Timeout);
        await PressAsync(silo, "Resume consumers");
        await silo.WaitForStatusAsync(status => status.GetProperty("consumers").GetProperty("count").GetInt32() == 3, Timeout);
        await SendAsync(silo, HttpMethod.Put, "/api/producers", """{"count":0}""");
        await silo.WaitForStatusAsync(status => status.GetProperty("totals").GetProperty("lag").GetInt64() == 0, Timeout);
        await PressAsync(silo, "Run aggregation now");
        await silo.WaitForStatusAsync(
            status => status.GetProperty("totals") is var totals
                && totals.GetProperty("lag").GetInt64() == 0
                && totals.GetProperty("folded").GetInt64() == totals.GetProperty("stored").GetInt64()
                && totals.GetProperty("indexed").GetInt64() == totals.GetProperty("rollups").GetInt64(),
            Timeout);

        // The button's command runs beside the silos.
        var (exitCode, report) = await SiloProcess.CommandAsync(["verify"], shared);
        output.WriteLine(report);
        Assert.True(exitCode == 0, report);
        Assert.Equal([0, 0, 0], await replicas.StopAsync());
    }

    private static Task PressAsync(SiloProcess silo, string button)
    {
        var (_, path, consumers) = AppHost.HttpCommands.Single(command => command.Name == button);
        return SendAsync(silo, consumers is null ? HttpMethod.Post : HttpMethod.Put, path, consumers is null ? null : $$"""{"count":{{consumers}}}""");
    }

    private static async Task SendAsync(SiloProcess silo, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await silo.Http.SendAsync(request);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    private sealed class Replicas : IAsyncDisposable
    {
        private readonly List<SiloProcess> _silos = [];

        public Replicas(IReadOnlyDictionary<string, string> shared, int count)
        {
            for (var replica = 0; replica < count; replica++)
            {
                var port = SiloProcess.FreePort();
                _silos.Add(SiloProcess.Start(port, AppHostEnvironment.OfReplica(shared, port)));
            }
        }

        public SiloProcess First => _silos[0];

        public async Task WaitForHealthAsync(string path, TimeSpan timeout)
        {
            foreach (var silo in _silos)
            {
                // A silo is a member before it listens for HTTP.
                await silo.WaitUntilReadyAsync();
                await Poll.UntilAsync(
                    async () => (await silo.Http.GetAsync(new Uri(path, UriKind.Relative))).IsSuccessStatusCode,
                    () => silo.Output,
                    timeout);
            }
        }

        public async Task<IEnumerable<string>> AddressesAsync() => (await First.StatusAsync()).GetProperty("silos").EnumerateArray()
            .Select(silo => silo.GetProperty("address").GetString()!);

        public async Task<IReadOnlyList<int>> StopAsync() => await Task.WhenAll(_silos.Select(async silo =>
        {
            await silo.SignalAsync("TERM");
            return await silo.WaitForExitAsync(TimeSpan.FromSeconds(30));
        }));

        public async ValueTask DisposeAsync()
        {
            foreach (var silo in _silos)
            {
                await silo.DisposeAsync();
            }
        }
    }
}
