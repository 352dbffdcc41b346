using Xunit;

namespace ClickOrleans.Testing.Servers;

/// <summary>
/// A real server for tests: started, stopped and killed through the program that the environment variable
/// <c>CLICKORLEANS_SERVERS</c> names, or as a container where Docker answers; otherwise the test is skipped with the reason,
/// except in CI, where it fails. A start after a stop or a kill keeps data and port.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string Variable = "CLICKORLEANS_SERVERS";

    private const int Draws = 3;

    private readonly IServerHost _host;
    private readonly string _folder;
    private readonly string[] _settings;

    private TestServer(IServerHost host, string folder, string[] settings)
    {
        _host = host;
        _folder = folder;
        _settings = settings;
    }

    /// <summary>What the server printed at its start: <c>127.0.0.1:port</c>, a URL, or a connection string.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Its files, among them <c>log</c> and <c>pid</c>; empty for a container.</summary>
    public string Folder => _folder;

    public static Task<TestServer> KafkaAsync(params string[] settings) => StartNewAsync("kafka", settings);

    /// <summary>A controller and three brokers, 1 to 3; there is no container of it.</summary>
    public static Task<TestServer> KafkaClusterAsync(params string[] settings)
    {
        var program = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(program), $"{Variable} names no program that starts a cluster of brokers.");
        return StartNewAsync("kafka3", settings);
    }

    public static Task<TestServer> PostgresAsync(params string[] settings) => StartNewAsync("postgres", settings);

    /// <summary>Elasticsearch 9.</summary>
    public static Task<TestServer> ElasticsearchAsync(params string[] settings) => StartNewAsync("elasticsearch9", settings);

    /// <summary>Elasticsearch 8.19.</summary>
    public static Task<TestServer> Elasticsearch8Async(params string[] settings) => StartNewAsync("elasticsearch", settings);

    public static Task<TestServer> OtlpAsync(params string[] settings) => StartNewAsync("otlp", settings);

    /// <summary>Starts it again after a stop or a kill.</summary>
    public async Task StartAsync() => Address = await _host.StartAsync(_settings);

    /// <summary>Starts it again with other settings; not for a container.</summary>
    public async Task StartAsync(params string[] settings) => Address = await _host.StartAsync(settings);

    /// <summary>Starts one broker of a cluster again.</summary>
    public async Task StartBrokerAsync(int broker)
    {
        try
        {
            await _host.StartAsync([Named(broker)]);
        }
        catch (InvalidOperationException)
        {
            // It may take longer than its program waits; where it has started meanwhile, another start does nothing.
            await _host.StartAsync([Named(broker)]);
        }
    }

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Stops one broker of a cluster in order.</summary>
    public Task StopBrokerAsync(int broker) => _host.StopAsync(Named(broker));

    /// <summary>Kills one broker of a cluster.</summary>
    public Task KillBrokerAsync(int broker) => _host.KillAsync(Named(broker));

    /// <summary>SIGKILL, as a crash would.</summary>
    public Task KillAsync() => _host.KillAsync();

    /// <summary>Stops all its processes where they are: its connections stay open and nothing answers.</summary>
    public Task FreezeAsync() => _host.FreezeAsync();

    public Task ThawAsync() => _host.ThawAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>
    /// A start in a new folder can fail for no fault of the server: its program draws ports, and an id for Kafka's cluster that
    /// its own tool takes for an option where it happens to begin with a dash. Another draw is another start.
    /// </summary>
    private static async Task<TestServer> StartNewAsync(string name, string[] settings)
    {
        for (var draw = 1; ; draw++)
        {
            try
            {
                return await StartOnceAsync(name, settings);
            }
            catch (InvalidOperationException) when (draw < Draws)
            {
                // Its message is the last one's if none succeeds.
            }
        }
    }

    private static async Task<TestServer> StartOnceAsync(string name, string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory($"clickorleans-{name}-").FullName;
        var host = HostFor(name, folder);
        if (host is null)
        {
            Directory.Delete(folder);
            const string Reason = $"No real servers here: {Variable} names no program that starts them, and no Docker answers.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Assert.Fail(Reason);
        }

        if (!OperatingSystem.IsWindows())
        {
            // The servers may run as users of their own.
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        var server = new TestServer(host, folder, settings);
        try
        {
            await server.StartAsync();
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    private static string Named(int broker) => $"broker={broker}";

    private static IServerHost? HostFor(string name, string folder)
    {
        var program = Environment.GetEnvironmentVariable(Variable);
        return !string.IsNullOrEmpty(program)
            ? new ProgramHost(program, name, folder)
            : ContainerHost.DockerAnswers ? ContainerHost.For(name) : null;
    }
}
