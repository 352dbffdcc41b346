using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Index;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>Has the connection string and the credentials read at start, where a fault is said with all others.</summary>
internal sealed class EndpointValidator(Func<string> connectionString, IConfiguration configuration)
    : IValidateOptions<ElasticsearchOptions>
{
    public ValidateOptionsResult Validate(string? name, ElasticsearchOptions options)
    {
        try
        {
            ElasticsearchEndpoint.Parse(connectionString(), options.ApiKey, configuration);
            return ValidateOptionsResult.Success;
        }
        catch (Exception exception) when (exception is IndexSetupException or StartupException)
        {
            return ValidateOptionsResult.Fail(exception.Message);
        }
    }
}
