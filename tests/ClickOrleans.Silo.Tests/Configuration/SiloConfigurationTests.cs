using ClickOrleans.Silo.Configuration;
using Microsoft.Extensions.Configuration;

namespace ClickOrleans.Silo.Tests.Configuration;

public sealed class SiloConfigurationTests
{
    [Fact]
    public void Nothing_configured_is_allowed() => Assert.Empty(Check());

    [Theory]
    [InlineData("Host", "example.org", "IP addresses and localhost")]
    [InlineData("Host", "0.0.0.0", "loopback addresses; any other needs an API key: set ClickOrleans:ApiKey")]
    [InlineData("Port", "0", "1 to 65535")]
    [InlineData("MaxUnprocessedAge", "0", "00:00:01 to 1.00:00:00")]
    [InlineData("StartTimeout", "2:00", "times: seconds, hh:mm:ss or d.hh:mm:ss, 00:00:00 to 01:00:00")]
    [InlineData("Data", "", "texts that are not empty")]
    [InlineData("Partitions", "1025", "1 to 1024")]
    [InlineData("Cluster:MissedProbes", "0", "1 to 20")]
    [InlineData("Cluster:Kubernetes", "maybe", "true and false")]
    [InlineData("Aggregation:Interval", "00:00:00.5", "00:00:01 to 1.00:00:00")]
    [InlineData("Aggregation:ChunkSize", "99", "100 to 10000000")]
    [InlineData("Generator:Seed", "-1", "0 to 2147483647")]
    [InlineData("Kafka:Partitions", "0", "1 to 10000")]
    [InlineData("Elasticsearch:BulkDocuments", "0", "1 to 100000")]
    public void An_option_out_of_its_range_is_named_whichever_adapters_run(string option, string value, string allowed) =>
        Assert.Contains(Check((option, value)), error =>
            error.StartsWith($"ClickOrleans:{option} is ", StringComparison.Ordinal)
            && error.EndsWith($"; allowed are {allowed}", StringComparison.Ordinal));

    [Fact]
    public void Probe_timeouts_are_compared_with_each_other() => Assert.Equal(
        ["ClickOrleans:Cluster:MaxProbeTimeout is '00:00:02'; allowed are times of ProbeTimeout, 00:00:03, and up"],
        Check(("Cluster:ProbeTimeout", "3"), ("Cluster:MaxProbeTimeout", "2")));

    [Fact]
    public void An_api_key_that_no_request_can_show_is_refused_without_being_repeated() => Assert.Equal(
        ["ClickOrleans:ApiKey holds a line break or another control character, which no request can show"],
        Check(("ApiKey", "hush\nhush")));

    [Fact]
    public void An_interval_in_seconds_is_one_second() => Assert.Empty(Check(("Aggregation:Interval", "1")));

    [Theory]
    [InlineData("Endpoints:AdvertisedIPAddress", "host.name", "IP addresses of one host")]
    [InlineData("Endpoints:AdvertisedIPAddress", "0.0.0.0", "IP addresses of one host")]
    [InlineData("Endpoints:SiloPort", "abc", "1 to 65535")]
    [InlineData("Endpoints:SiloPort", "0", "1 to 65535")]
    [InlineData("Endpoints:GatewayPort", "65536", "0 to 65535")]
    [InlineData("Endpoints:SiloListeningEndpoint", "0.0.0.0", "addresses with a port, such as 0.0.0.0:11111")]
    [InlineData("EnableDistributedTracing", "yes", "true and false")]
    [InlineData("Clustering:ProviderType", "adonet", "AdoNet, Development")]
    [InlineData("Reminders:ProviderType", "Redis", "AdoNet, Memory")]
    [InlineData("Clustering:Invariant", "MySql.Data", "Npgsql")]
    public void A_setting_of_Orleans_that_it_would_ignore_or_fail_on_is_named(string key, string value, string allowed) =>
        Assert.Equal([$"Orleans:{key} is '{value}'; allowed are {allowed}"], CheckOrleans((key, value)));

    [Fact]
    public void An_unknown_endpoint_setting_is_named_with_the_one_that_may_be_meant() => Assert.Equal(
        ["Orleans:Endpoints:SiloPrt is unknown; did you mean Orleans:Endpoints:SiloPort?"],
        CheckOrleans(("Endpoints:SiloPrt", "11111")));

    [Fact]
    public void Right_settings_of_Orleans_are_taken() => Assert.Empty(CheckOrleans(
        ("Endpoints:AdvertisedIPAddress", "fd00::1"),
        ("Endpoints:SiloPort", "11111"),
        ("Endpoints:GatewayPort", "0"),
        ("Endpoints:SiloListeningEndpoint", "[::]:11111"),
        ("EnableDistributedTracing", "true"),
        ("Clustering:ProviderType", "AdoNet")));

    private static IReadOnlyList<string> CheckOrleans(params (string Key, string Value)[] configured) => SiloConfiguration.Check(
        new ConfigurationBuilder()
            .AddInMemoryCollection(configured.Select(pair => KeyValuePair.Create($"Orleans:{pair.Key}", (string?)pair.Value)))
            .Build());

    private static IReadOnlyList<string> Check(params (string Option, string Value)[] configured) => SiloConfiguration.Check(
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                configured.Select(pair => KeyValuePair.Create($"ClickOrleans:{pair.Option}", (string?)pair.Value)))
            .Build());
}
