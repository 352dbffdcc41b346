using ClickOrleans.Grains;
using ClickOrleans.Pipeline;
using ClickOrleans.Sqlite;
using NetArchTest.Rules;

namespace ClickOrleans.Silo.Tests;

/// <summary>Dependencies point inwards: host to grains and adapters, these to the pipeline, the pipeline to nobody.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Clients =
        ["Confluent", "Npgsql", "Microsoft.Data.Sqlite", "Dapper", "DbUp", "Elastic.Clients", "Elastic.Transport"];

    private static readonly string[] Adapters =
        ["ClickOrleans.Sqlite", "ClickOrleans.Kafka", "ClickOrleans.Postgres", "ClickOrleans.Elasticsearch", "ClickOrleans.Sql"];

    [Fact]
    public void The_pipeline_knows_no_orleans_no_client_and_no_adapter() => AssertNone(
        Types.InAssembly(typeof(Click).Assembly),
        [.. Clients, .. Adapters, "Orleans", "ClickOrleans.Grains", "ClickOrleans.Silo", "System.Net.Http"]);

    [Fact]
    public void Grains_know_no_client_and_no_adapter() =>
        AssertNone(Types.InAssembly(typeof(SiloName).Assembly), [.. Clients, .. Adapters, "ClickOrleans.Silo"]);

    [Theory]
    [InlineData(typeof(SqliteFile), "ClickOrleans.Kafka", "ClickOrleans.Postgres", "ClickOrleans.Elasticsearch", "Npgsql")]
    [InlineData(
        typeof(Kafka.KafkaOptions),
        "ClickOrleans.Sqlite", "ClickOrleans.Postgres", "ClickOrleans.Elasticsearch", "ClickOrleans.Sql")]
    [InlineData(
        typeof(Postgres.PostgresBuilderExtensions),
        "ClickOrleans.Sqlite", "ClickOrleans.Kafka", "ClickOrleans.Elasticsearch", "Microsoft.Data.Sqlite")]
    [InlineData(
        typeof(Elasticsearch.ElasticsearchOptions),
        "ClickOrleans.Sqlite", "ClickOrleans.Kafka", "ClickOrleans.Postgres", "ClickOrleans.Sql")]
    public void An_adapter_knows_neither_another_nor_orleans(Type inAdapter, params string[] others) =>
        AssertNone(Types.InAssembly(inAdapter.Assembly), [.. others, "Orleans", "ClickOrleans.Grains", "ClickOrleans.Silo"]);

    private static void AssertNone(Types types, string[] unwanted)
    {
        var result = types.Should().NotHaveDependencyOnAny(unwanted).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }
}
