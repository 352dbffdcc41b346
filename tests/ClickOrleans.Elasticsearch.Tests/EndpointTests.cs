using System.Text;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Pipeline.Index;
using Elastic.Transport;
using Microsoft.Extensions.Configuration;

namespace ClickOrleans.Elasticsearch.Tests;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("http://localhost:9200", "http://localhost:9200/", null)]
    [InlineData("http://elastic:secret@localhost:9200", "http://localhost:9200/", "elastic:secret")]
    [InlineData("https://elastic:p%40ss%3Aword@host:9200/", "https://host:9200/", "elastic:p@ss:word")]
    [InlineData("https://elastic:a/b#c?d@e@host:9200/es", "https://host:9200/es/", "elastic:a/b#c?d@e")]
    [InlineData("Endpoint=https://host:9200", "https://host:9200/", null)]
    [InlineData("Endpoint=https://elastic:pw@host:9200", "https://host:9200/", "elastic:pw")]
    [InlineData("Endpoint=https://host:9200;Username=me;Password='a;b'", "https://host:9200/", "me:a;b")]
    [InlineData("endpoint=https://host:9200;ApiKey=abc==", "https://host:9200/", "ApiKey abc==")]
    [InlineData("https://me:p,w@one:9200,https://two:9201", "https://one:9200/,https://two:9201/", "me:p,w")]
    [InlineData("https://me:pw@one:9200, https://me:pw@two:9200", "https://one:9200/,https://two:9200/", "me:pw")]
    [InlineData("http://one:9200,http://me:pw@two:9200/es,http://one:9200", "http://one:9200/,http://two:9200/es/", "me:pw")]
    [InlineData("Endpoint=https://one,https://two;Username=me;Password=pw", "https://one/,https://two/", "me:pw")]
    public void A_connection_string_gives_address_and_credentials(string text, string address, string? credentials)
    {
        var endpoint = Parse(text);

        Assert.Equal(address, endpoint.ToString());
        Assert.Equal(credentials, Credentials(endpoint));
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:9200")]
    [InlineData("ftp://user:s3cret@host")]
    [InlineData("https://user:s3cret@")]
    [InlineData("Username=me;Password=s3cret")]
    [InlineData("s3cret=;;;=")]
    [InlineData("https://user:s3cret@one:9200,two:9200")]
    [InlineData("https://user:s3cret@one:9200,http://two:9200")]
    [InlineData("https://user:s3cret@one:9200,https://other:s3cret@two:9200")]
    public void An_unreadable_connection_string_is_refused_without_being_repeated(string text)
    {
        var exception = Assert.Throws<IndexSetupException>(() => Parse(text));

        Assert.Contains("ConnectionStrings:elasticsearch", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_come_from_the_environment_where_the_connection_string_has_none()
    {
        var user = new Dictionary<string, string?> { ["ELASTIC_USERNAME"] = "me", ["ELASTIC_PASSWORD"] = "pw" };
        var key = new Dictionary<string, string?>(user) { ["ELASTIC_API_KEY"] = "key" };

        Assert.Equal("me:pw", Credentials(Parse("http://h:1", user)));
        Assert.Equal("elastic:pw", Credentials(Parse("http://h:1", new() { ["ELASTIC_PASSWORD"] = "pw" })));
        Assert.Equal("ApiKey key", Credentials(Parse("http://h:1", key)));
        Assert.Equal("you:own", Credentials(Parse("http://you:own@h:1", key)));
        Assert.Equal("ApiKey option", Credentials(Parse("http://h:1", key, apiKey: "option")));
    }

    [Theory]
    [InlineData("ELASTIC_API_KEY", "key\n", "ApiKey key")]
    [InlineData("ELASTIC_API_KEY", " key\r\n", "ApiKey key")]
    [InlineData("ELASTIC_USERNAME", "me \n", "me:")]
    [InlineData("ELASTIC_PASSWORD", "pw \n", "elastic:pw ")]
    public void Blanks_and_line_breaks_around_credentials_are_removed_but_blanks_of_a_password(
        string name, string value, string credentials) =>
        Assert.Equal(credentials, Credentials(Parse("http://h:1", new() { [name] = value })));

    [Theory]
    [InlineData("k\ney")]
    [InlineData("k ey")]
    [InlineData("k\u00e9y")]
    public void An_api_key_with_characters_that_none_has_is_refused_without_being_repeated(string key)
    {
        var exception = Assert.Throws<IndexSetupException>(() => Parse("http://h:1", new() { ["ELASTIC_API_KEY"] = key }));

        Assert.Contains("ELASTIC_API_KEY", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_secret_is_in_the_text_of_an_endpoint()
    {
        var endpoint = Parse("https://elastic:s3cret@host:9200");

        Assert.Equal("https://host:9200/", endpoint.ToString());
        Assert.Equal("the user 'elastic'", endpoint.Identity);
    }

    private static ElasticsearchEndpoint Parse(
        string text, Dictionary<string, string?>? configuration = null, string? apiKey = null) =>
        ElasticsearchEndpoint.Parse(text, apiKey, new ConfigurationBuilder().AddInMemoryCollection(configuration ?? []).Build());

    private static string? Credentials(ElasticsearchEndpoint endpoint)
    {
        if (endpoint.Authorization?.TryGetAuthorizationParameters(out var parameters) != true)
        {
            return null;
        }

        return endpoint.Authorization is BasicAuthentication
            ? Encoding.UTF8.GetString(Convert.FromBase64String(parameters))
            : $"{endpoint.Authorization.AuthScheme} {parameters}";
    }
}
