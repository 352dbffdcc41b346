using System.Net;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using ClickOrleans.Elasticsearch.Documents;
using ClickOrleans.Pipeline.Index;
using Elastic.Transport;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>Reads a response that is an error.</summary>
internal static class ErrorAnswer
{
    /// <summary>Every response of Elasticsearch has it (https://www.elastic.co/docs/reference/elasticsearch/rest-apis).</summary>
    public const string ProductHeader = "x-elastic-product";

    /// <exception cref="IndexSetupException">Credentials, privileges or another product are the cause.</exception>
    /// <exception cref="ElasticsearchException">Any other error status.</exception>
    /// <remarks>Without a response, the exception that prevented it.</remarks>
    public static void ThrowIfFailed(ApiCallDetails details, ElasticsearchEndpoint endpoint, string index)
    {
        if (details.HttpStatusCode is not { } status)
        {
            ExceptionDispatchInfo.Throw(details.OriginalException ?? new HttpRequestException($"{endpoint} did not answer."));
            return;
        }

        if (string.IsNullOrEmpty(details.ResponseContentType) && !IsElasticsearch(details))
        {
            throw new HttpRequestException($"{endpoint} closed the connection without an answer.");
        }

        // An error may come from what stands in front of Elasticsearch; only "not found" would be taken for an answer.
        var seen = AnswerSeen.By(details);
        if (status is (>= 200 and < 300) or 404 && !IsElasticsearch(details))
        {
            throw OtherProduct($"{endpoint} answered {seen} and");
        }

        if (!details.HasSuccessfulStatusCode)
        {
            throw Error((HttpStatusCode)status, ReadCause(details), seen, endpoint, index);
        }

        if (!details.HasExpectedContentType)
        {
            throw new InvalidDataException($"{endpoint} answered {seen}, not with JSON.");
        }
    }

    /// <param name="who">The address, and what was seen of its answer.</param>
    public static IndexSetupException OtherProduct(string who) => new(
        $"{who} does not identify itself as Elasticsearch (header X-elastic-product): Elasticsearch 9 or 8 is needed, "
        + "OpenSearch and other products are not supported; a proxy in front of Elasticsearch must pass the header on.");

    public static IndexSetupException MissingPrivilege(ElasticsearchEndpoint endpoint, string index, string? reason) => new(
        $"{endpoint} refuses {endpoint.Identity} a privilege (403){(reason is null ? "" : $": {reason}")}. Grant create_index, "
        + $"write, read, view_index_metadata, maintenance and manage on the indices {index}, {index}-* and {index}_state.");

    private static bool IsElasticsearch(ApiCallDetails details) =>
        details.TryGetHeader(ProductHeader, out var products) && products.Contains("Elasticsearch", StringComparer.Ordinal);

    private static Exception Error(
        HttpStatusCode status, ErrorCause? cause, string seen, ElasticsearchEndpoint endpoint, string index) =>
        (status, cause?.Type) switch
        {
            (HttpStatusCode.Unauthorized, _) => new IndexSetupException(
                $"{endpoint} does not accept {endpoint.Identity} ({(cause is null ? seen : "401")}): check the user and "
                + "password, or the API key, in the connection string, in ELASTIC_USERNAME and ELASTIC_PASSWORD, or in "
                + "ELASTIC_API_KEY."),
            (HttpStatusCode.Forbidden, "security_exception") => MissingPrivilege(endpoint, index, cause?.Reason),
            ( >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest, _) => new IndexSetupException(
                $"{endpoint} answered {seen}: redirects are not followed, put Elasticsearch's own address into the connection "
                + "string."),
            _ => new ElasticsearchException(
                status,
                cause?.Type,
                cause is null ? $"{endpoint} answered {seen}." : $"{endpoint} answered {(int)status}{Text(cause)}"),
        };

    private static string Text(ErrorCause cause) => $": {cause.Type}: {cause.Reason}";

    private static ErrorCause? ReadCause(ApiCallDetails details)
    {
        try
        {
            // Not the client's own reading of it: that needs a JSON content type, which proxies omit.
            var answer = JsonSerializer.Deserialize(details.ResponseBodyInBytes, ElasticsearchJson.Default.ErrorBody);
            return answer?.Error.ValueKind == JsonValueKind.Object
                ? answer.Error.Deserialize(ElasticsearchJson.Default.ErrorCause)
                : null;
        }
        catch (JsonException)
        {
            // A proxy's page: the status says enough.
            return null;
        }
    }
}
