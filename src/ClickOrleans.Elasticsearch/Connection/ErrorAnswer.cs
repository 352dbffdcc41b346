using System.Net;
using System.Text.Json;
using ClickOrleans.Elasticsearch.Documents;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>Reads an answer that is an error.</summary>
internal static class ErrorAnswer
{
    /// <summary>
    /// The exception to throw: <see cref="IndexSetupException"/> where credentials or privileges are at fault, else
    /// <see cref="ElasticsearchException"/>.
    /// </summary>
    public static async Task<Exception> ReadAsync(
        HttpResponseMessage response, ElasticsearchEndpoint endpoint, string index, CancellationToken cancellationToken)
    {
        var cause = await ReadCauseAsync(response, cancellationToken);
        return (response.StatusCode, cause?.Type) switch
        {
            (HttpStatusCode.Unauthorized, _) => new IndexSetupException(
                $"{endpoint} does not accept {endpoint.Identity} (401): check the user and password, or the API key, in the connection "
                + "string, in ELASTIC_USERNAME and ELASTIC_PASSWORD, or in ELASTIC_API_KEY."),
            (HttpStatusCode.Forbidden, null or "security_exception") => MissingPrivilege(endpoint, index, cause?.Reason),
            _ => new ElasticsearchException(
                response.StatusCode, cause?.Type, $"{endpoint} answered {(int)response.StatusCode}{Text(cause)}"),
        };
    }

    public static IndexSetupException MissingPrivilege(ElasticsearchEndpoint endpoint, string index, string? reason) => new(
        $"{endpoint} refuses {endpoint.Identity} a privilege (403){(reason is null ? "" : $": {reason}")}. Grant create_index, write, read, "
        + $"view_index_metadata, maintenance and manage on the indices {index} and {index}-*.");

    private static string Text(ErrorCause? cause) => cause is null ? "." : $": {cause.Type}: {cause.Reason}";

    private static async Task<ErrorCause?> ReadCauseAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var answer = await JsonSerializer.DeserializeAsync(body, ElasticsearchJson.Default.ErrorBody, cancellationToken);
            return answer?.Error.ValueKind switch
            {
                JsonValueKind.Object => answer.Error.Deserialize(ElasticsearchJson.Default.ErrorCause),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or IOException)
        {
            // A proxy's page, or broken off: the status says enough.
            return null;
        }
    }
}
