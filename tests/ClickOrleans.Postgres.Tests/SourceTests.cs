using Npgsql;

namespace ClickOrleans.Postgres.Tests;

public sealed class SourceTests
{
    [Theory]
    [InlineData("Host=h", 0)]
    [InlineData("Host=h;Max Auto Prepare=20", 20)]
    public void Statements_are_prepared_only_where_the_connection_string_says_so(string connectionString, int statements)
    {
        using var source = PostgresBuilderExtensions.CreateSource(connectionString, null);

        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);

        Assert.Equal((statements, "clickorleans"), (settings.MaxAutoPrepare, settings.ApplicationName));
    }
}
