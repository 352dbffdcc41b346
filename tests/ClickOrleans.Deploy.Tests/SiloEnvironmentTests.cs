namespace ClickOrleans.Deploy.Tests;

/// <summary>The judge itself: what it lets pass would pass in every file.</summary>
public sealed class SiloEnvironmentTests
{
    [Theory]
    [InlineData("ClickOrleans__Kafka__Partition", "12")]
    [InlineData("ClickOrleans__Prot", "8080")]
    [InlineData("ConnectionStrings__elastic", "https://elasticsearch:9200")]
    [InlineData("Orleans__Clustering__ProvderType", "AdoNet")]
    [InlineData("Orleans__Cluster", "clickorleans")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPIONT", "http://dashboard:18889")]
    [InlineData("ELASTIC_PASWORD", "secret")]
    public void A_misspelt_variable_is_a_fault(string name, string value) =>
        Assert.Single(SiloEnvironment.Faults(new Dictionary<string, string> { [name] = value }));

    [Theory]
    [InlineData("ClickOrleans__Port", "eighty")]
    [InlineData("ClickOrleans__Kafka__Partitions", "0")]
    [InlineData("ClickOrleans__Host", "0.0.0.0")]
    public void A_value_that_the_silo_would_refuse_is_a_fault(string name, string value) =>
        Assert.Single(SiloEnvironment.Faults(new Dictionary<string, string> { [name] = value }));

    [Fact]
    public void What_the_silo_knows_is_none() => Assert.Empty(SiloEnvironment.Faults(new Dictionary<string, string>
    {
        ["ClickOrleans__Host"] = "0.0.0.0",
        ["ClickOrleans__ApiKey"] = "${KEY:?}",
        ["ConnectionStrings__kafka"] = "kafka:9092",
        ["Orleans__GrainStorage__Default__ProviderType"] = "AdoNet",
        ["OTEL_SERVICE_NAME"] = "clickorleans",
    }));
}
