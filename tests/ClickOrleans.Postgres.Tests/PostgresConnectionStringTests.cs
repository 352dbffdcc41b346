using Npgsql;

namespace ClickOrleans.Postgres.Tests;

public sealed class PostgresConnectionStringTests
{
    [Fact]
    public void A_uri_says_what_the_pairs_say()
    {
        var uri = PostgresConnectionString.Parse(
            "postgresql://us%40er:p%3Ass@db1:5433,db2:5434/clicks"
                + "?sslmode=verify-full&connect_timeout=7&target_session_attrs=read-write\n");

        Assert.Equal("db1:5433,db2:5434", uri.Host);
        Assert.Equal(("us@er", "p:ss", "clicks"), (uri.Username, uri.Password, uri.Database));
        Assert.Equal((SslMode.VerifyFull, 7, "read-write"), (uri.SslMode, uri.Timeout, uri.TargetSessionAttributes));
    }

    [Theory]
    [InlineData("postgres://h", "h")]
    [InlineData("postgresql://[::1]:5432/db", "[::1]:5432")]
    [InlineData("postgresql://user@h", "h")]
    [InlineData("postgresql:///db?host=/var/run/postgresql", "/var/run/postgresql")]
    [InlineData(" Host=h;Database=d \r\n", "h")]
    public void The_host_is_read(string text, string host) => Assert.Equal(host, PostgresConnectionString.Parse(text).Host);

    [Theory]
    [InlineData("Host=h")]
    [InlineData("Host=h;Client Encoding=utf-8")]
    [InlineData("postgresql://h/db?client_encoding=UTF8")]
    public void Text_is_exchanged_in_UTF8_and_times_in_UTC(string text)
    {
        var settings = PostgresConnectionString.Parse(text);

        Assert.Equal(("UTF8", "UTC"), (settings.ClientEncoding, settings.Timezone));
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("Password=secret")]
    [InlineData("Host='h;Password=secret")]
    [InlineData("Host=h;Password=secret;SSL Mode=maybe")]
    [InlineData("Host=h;Port=secret")]
    [InlineData("Host=h;Password=sec;secret=1")]
    [InlineData("Host=h;Password=secret;Client Encoding=LATIN1")]
    [InlineData("postgresql://u:secret@h/db?sslmode=secret")]
    [InlineData("postgresql://u:secret@h/db?secret=1")]
    [InlineData("postgresql://u:secret@/db")]
    [InlineData("postgresql://u:a/secret@h/db")]
    [InlineData("postgresql://h/secret@h")]
    [InlineData("Host=h;Password=secret;Minimum Pool Size=9;Maximum Pool Size=3")]
    public void A_malformed_text_is_refused_by_its_key_without_its_value(string text)
    {
        var exception = Assert.Throws<FormatException>(() => PostgresConnectionString.Parse(text));

        Assert.StartsWith(
            "ConnectionStrings:clickstream is not a PostgreSQL connection string: ",
            exception.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_key_that_is_named_is_the_one_it_comes_from()
    {
        var exception = Assert.Throws<FormatException>(
            () => PostgresConnectionString.Parse("secret", "Orleans:Clustering:ConnectionString"));

        Assert.StartsWith("Orleans:Clustering:ConnectionString is not a ", exception.Message, StringComparison.Ordinal);
    }
}
