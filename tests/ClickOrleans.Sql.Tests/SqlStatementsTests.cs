using ClickOrleans.Sql;

namespace ClickOrleans.Sql.Tests;

public sealed class SqlStatementsTests
{
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void A_statement_of_the_dialect_stands_before_a_shared_one(string dialect)
    {
        var statements = new SqlStatements(dialect);

        Assert.Equal(dialect == "postgres", statements["lock_aggregation"].Contains("for update", StringComparison.Ordinal));
        Assert.Equal(statements["audit_gaps"], new SqlStatements("postgres")["audit_gaps"]);
        Assert.Equal(statements.Names.Count(), statements.Names.Distinct().Count());
        Assert.All(statements.Names, name => Assert.NotEmpty(statements[name]));
    }

    [Fact]
    public void Schema_scripts_are_numbered_without_a_hole_and_are_no_statements()
    {
        var statements = new SqlStatements("sqlite");

        Assert.Equal(
            Enumerable.Range(1, statements.SchemaScripts.Count).Select(number => $"{number:0000}"),
            statements.SchemaScripts.Select(script => script.Name[..4]));
        Assert.DoesNotContain(statements.Names, name => name.StartsWith("0001", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_name_or_dialect_is_named()
    {
        var unknown = Assert.Throws<ArgumentException>(() => new SqlStatements("sqlite")["drop_everything"]);
        Assert.Contains("drop_everything", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("oracle", Assert.Throws<ArgumentException>(() => new SqlStatements("oracle")).Message, StringComparison.Ordinal);
    }
}
