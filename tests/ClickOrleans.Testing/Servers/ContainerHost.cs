using System.Net;
using System.Net.Sockets;
using ClickOrleans.Deploy;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using Testcontainers.Kafka;
using Testcontainers.PostgreSql;

namespace ClickOrleans.Testing.Servers;

/// <summary>Servers as containers, each on a host port of its own that stays the same when it is started again.</summary>
internal sealed class ContainerHost : IServerHost
{
    private readonly Func<string[], int, IContainer> _build;
    private readonly Func<IContainer, string> _address;
    private readonly int _port = FreePort();
    private string[] _settings = [];
    private IContainer? _container;

    private ContainerHost(Func<string[], int, IContainer> build, Func<IContainer, string> address)
    {
        _build = build;
        _address = address;
    }

    public static bool DockerAnswers => TestcontainersSettings.OS.DockerEndpointAuthConfig is not null;

    /// <summary>Null where there is no image of such a server.</summary>
    public static ContainerHost? For(string name) => name switch
    {
        "kafka" => new(Kafka, container => ((KafkaContainer)container).GetBootstrapAddress()),
        "postgres" => new(Postgres, container => ((PostgreSqlContainer)container).GetConnectionString()),
        "elasticsearch9" => new((settings, port) => Elasticsearch(ServerImages.Elasticsearch, settings, port), HttpAddress),
        "elasticsearch" => new((settings, port) => Elasticsearch(ServerImages.Elasticsearch8, settings, port), HttpAddress),
        _ => null,
    };

    public async Task<string> StartAsync(string[] settings)
    {
        if (_container is not null && !settings.SequenceEqual(_settings))
        {
            throw new NotSupportedException("A container keeps the settings it was made with.");
        }

        _settings = settings;
        _container ??= _build(settings, _port);
        await _container.StartAsync();
        return _address(_container);
    }

    public async Task StopAsync(params string[] only)
    {
        // The containers' own stop signal is SIGKILL, see Common; an orderly end is asked for from within.
        await _container!.ExecAsync(["sh", "-c", "kill -TERM 1"]);
        for (var second = 0; second < 30 && await AnswersAsync(); second++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        await _container.StopAsync();
    }

    public Task KillAsync(params string[] only) => _container?.StopAsync() ?? Task.CompletedTask;

    public Task FreezeAsync() => _container!.PauseAsync();

    public Task ThawAsync() => _container!.UnpauseAsync();

    public async ValueTask DisposeAsync()
    {
        if (_container is not null)
        {
            await _container.DisposeAsync();
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await _container!.ExecAsync(["true"])).ExitCode == 0;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static KafkaContainer Kafka(string[] settings, int port) => new KafkaBuilder(ServerImages.Kafka)
        .WithPortBinding(port, 9092)
        .WithEnvironment("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
        .WithEnvironment("KAFKA_NUM_PARTITIONS", "4")
        .WithEnvironment(Pairs(settings).ToDictionary(
            pair => $"KAFKA_{pair.Key.ToUpperInvariant().Replace('.', '_')}", pair => pair.Value))
        .WithCreateParameterModifier(parameters => parameters.StopSignal = "SIGKILL")
        .Build();

    private static PostgreSqlContainer Postgres(string[] settings, int port) => new PostgreSqlBuilder(ServerImages.Postgres)
        .WithPortBinding(port, 5432)
        .WithUsername("clicks")
        .WithDatabase("clicks")
        .WithCommand([.. settings.SelectMany(setting => new[] { "-c", setting })])
        .WithCreateParameterModifier(parameters => parameters.StopSignal = "SIGKILL")
        .Build();

    private static IContainer Elasticsearch(string image, string[] settings, int port) => new ContainerBuilder(image)
        .WithPortBinding(port, 9200)
        .WithEnvironment("discovery.type", "single-node")
        .WithEnvironment("xpack.security.enabled", "false")
        .WithEnvironment("ES_JAVA_OPTS", "-Xms512m -Xmx512m")
        .WithEnvironment(Pairs(settings).ToDictionary(pair => pair.Key, pair => pair.Value))
        .WithCreateParameterModifier(parameters => parameters.StopSignal = "SIGKILL")
        .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(
            request => request.ForPort(9200).ForPath("/_cluster/health")))
        .Build();

    private static string HttpAddress(IContainer container) =>
        $"http://{container.Hostname}:{container.GetMappedPublicPort(9200)}";

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string[] settings) =>
        settings.Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
