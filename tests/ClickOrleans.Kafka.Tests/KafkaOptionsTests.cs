using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Log;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Kafka.Tests;

public sealed class KafkaOptionsTests
{
    [Fact]
    public void What_is_not_configured_has_its_default()
    {
        var options = Options();

        Assert.Equal("clickstream", options.Topic);
        Assert.Equal(4, options.Partitions);
        Assert.Equal(1, options.ReplicationFactor);
        Assert.Empty(options.Client);
    }

    [Fact]
    public void Options_come_from_the_section()
    {
        var options = Options(
            ("ClickOrleans:Kafka:Topic", "other"),
            ("ClickOrleans:Kafka:Partitions", "12"),
            ("ClickOrleans:Kafka:ReplicationFactor", "3"),
            ("ClickOrleans:Kafka:Client:compression.type", "zstd"),
            ("ClickOrleans:Kafka:Client:socket.timeout.ms", "5000"));

        Assert.Equal("other", options.Topic);
        Assert.Equal(12, options.Partitions);
        Assert.Equal(3, options.ReplicationFactor);
        Assert.Equal("zstd", options.Client["compression.type"]);
        Assert.Equal("5000", options.Client["socket.timeout.ms"]);
    }

    [Fact]
    public void Every_fault_is_named_at_once_with_its_key_and_value()
    {
        var faults = Faults(
            ("ClickOrleans:Kafka:Topic", "no spaces"),
            ("ClickOrleans:Kafka:Partitions", "0"),
            ("ClickOrleans:Kafka:ReplicationFactor", "0"),
            ("ClickOrleans:Kafka:Client:scoket.timeout.ms", "5000"),
            ("ClickOrleans:Kafka:Client:fetch.min.bytes", "many"));

        Assert.Equal(
            [
                "ClickOrleans:Kafka:Topic is 'no spaces'; allowed are 1 to 249 letters, digits, '.', '_' and '-'",
                "ClickOrleans:Kafka:Partitions is '0'; allowed are 1 to 10000",
                "ClickOrleans:Kafka:ReplicationFactor is '0'; allowed are 1 to 100, or -1 for the cluster's default",
                "ClickOrleans:Kafka:Client:fetch.min.bytes is 'many'; allowed are librdkafka's properties and values: "
                    + "Invalid value for configuration property \"fetch.min.bytes\"",
                "ClickOrleans:Kafka:Client:scoket.timeout.ms is '***'; allowed are librdkafka's properties and values: "
                    + "No such configuration property: \"scoket.timeout.ms\"",
            ],
            faults);
    }

    [Theory]
    [InlineData("acks", "1")]
    [InlineData("enable.idempotence", "false")]
    [InlineData("isolation.level", "read_uncommitted")]
    [InlineData("auto.offset.reset", "latest")]
    [InlineData("bootstrap.servers", "elsewhere:9092")]
    public void A_property_that_the_logs_promises_need_cannot_be_set(string property, string value)
    {
        var fault = Assert.Single(Faults(($"ClickOrleans:Kafka:Client:{property}", value)));

        Assert.StartsWith(
            $"ClickOrleans:Kafka:Client:{property} is '{value}'; allowed are no values but the pipeline's own: ", fault);
    }

    [Fact]
    public void A_value_that_may_be_secret_is_not_repeated()
    {
        var faults = Faults(
            ("ClickOrleans:Kafka:Client:sasl.passwort", "hunter2"),
            ("ClickOrleans:Kafka:Client:ssl.key.pem", "hunter2"),
            ("ClickOrleans:Kafka:Client:sasl.oauthbearer.method", "hunter2"));

        Assert.Equal(
            [
                "ClickOrleans:Kafka:Client:sasl.oauthbearer.method is '***'; allowed are librdkafka's properties and values",
                "ClickOrleans:Kafka:Client:sasl.passwort is '***'; allowed are librdkafka's properties and values: "
                    + "No such configuration property: \"sasl.passwort\"",
            ],
            faults);
    }

    [Theory]
    [InlineData("no consumer; librdkafka says: ", "max.poll.interval.ms=1000")]
    [InlineData("no admin client and no consumer and no producer; ", "security.protocol=SSL", "ssl.ca.location=/no/such/file")]
    [InlineData("no admin client and no consumer and no producer; ", "security.protocol=SASL_SSL", "sasl.password=hunter2")]
    [InlineData("no producer; ", "max.in.flight.requests.per.connection=6")]
    public void What_only_a_client_refuses_when_it_is_made_is_a_fault_of_the_options(string expected, params string[] client)
    {
        var fault = Assert.Single(Faults([.. client
            .Select(property => property.Split('='))
            .Select(pair => ($"ClickOrleans:Kafka:Client:{pair[0]}", pair[1]))]));

        Assert.StartsWith("ClickOrleans:Kafka:Client makes no ", fault);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("/no/such/file", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("broker", "broker")]
    [InlineData(" one:9092 , two:9093,\n", "one:9092,two:9093")]
    [InlineData("[::1]:9092", "[::1]:9092")]
    [InlineData("SASL_SSL://broker.example:9094", "SASL_SSL://broker.example:9094")]
    public void Servers_are_read_without_blanks(string text, string servers) =>
        Assert.Equal(servers, KafkaServers.Parse(text));

    [Theory]
    [InlineData(" ")]
    [InlineData(",")]
    [InlineData("user:hunter2@broker:9092")]
    [InlineData("hunter2:70000")]
    [InlineData("hunter2:0")]
    [InlineData("broker:9092;Password=hunter2")]
    [InlineData("broker hunter2")]
    public void What_is_no_list_of_servers_is_refused_at_start_by_its_key_without_its_value(string text)
    {
        using var services = new ServiceCollection()
            .AddClickOrleans(clicks => clicks.UseKafkaLog(text))
            .BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(
            () => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.StartsWith("ConnectionStrings:kafka is not a list of servers", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_of_the_client_is_an_outage_in_one_line()
    {
        using var services = new ServiceCollection()
            .AddClickOrleans(clicks => clicks.UseKafkaLog("127.0.0.1:1"))
            .BuildServiceProvider();
        var outages = services.GetRequiredService<OutageText>();

        Assert.Equal("Local: Broker transport failure", outages.Of(new KafkaException(ErrorCode.Local_Transport)));
        Assert.Null(outages.Of(new InvalidOperationException("a bug")));
    }

    private static KafkaOptions Options(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(Configuration(settings));
        services.AddClickOrleans(clicks => clicks.UseKafkaLog("127.0.0.1:1"));
        Assert.Contains(services, service => service.ServiceType == typeof(IClickLog));
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<KafkaOptions>>().Value;
    }

    private static IEnumerable<string> Faults(params (string Key, string Value)[] settings) =>
        Assert.Throws<OptionsValidationException>(() => Options(settings)).Failures;

    private static IConfiguration Configuration((string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
}
