using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace ClickOrleans.Silo.Tests.Hosting;

public sealed class ClusterHostingTests
{
    private const string Clustering = "Orleans:Clustering";

    [Fact]
    public void The_stores_uri_is_what_Orleans_connects_with_as_Npgsql_reads_it()
    {
        var configuration = Completed(("ConnectionStrings:clickstream", "postgresql://u:p@h:5433/db?sslmode=require"));

        foreach (var section in new[] { Clustering, "Orleans:Reminders", "Orleans:GrainStorage:Default" })
        {
            var settings = new NpgsqlConnectionStringBuilder(configuration[$"{section}:ConnectionString"]);
            Assert.Equal(
                ("h:5433", "u", "p", "db"), (settings.Host, settings.Username, settings.Password, settings.Database));
            Assert.Equal((SslMode.Require, "UTF8", 60), (settings.SslMode, settings.ClientEncoding, settings.ConnectionLifetime));
        }
    }

    [Theory]
    [InlineData("ConnectionStrings:clickstream", "postgresql://u:hunter2@h/db?sslmode=maybe")]
    [InlineData("ConnectionStrings:clickstream", "Host=h;Password=hunter2;Nonsense=hunter2")]
    [InlineData($"{Clustering}:ConnectionString", "hunter2")]
    public void A_malformed_connection_string_is_refused_by_its_key_without_its_value(string key, string text)
    {
        var refusal = Assert.Throws<StartupException>(() => Completed((key, text)));

        Assert.StartsWith($"{key} is not a PostgreSQL connection string", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_without_a_connection_string_is_refused()
    {
        var refusal = Assert.Throws<StartupException>(() => Completed(($"{Clustering}:ConnectionName", "elsewhere")));

        Assert.Contains("Orleans:Clustering:ConnectionName is 'elsewhere'", refusal.Message, StringComparison.Ordinal);
    }

    private static ConfigurationManager Completed(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings
            .Append(($"{Clustering}:ProviderType", "AdoNet"))
            .Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)));
        configuration.CompleteCluster();
        return configuration;
    }
}
