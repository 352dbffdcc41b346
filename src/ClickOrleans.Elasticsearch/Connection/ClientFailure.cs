using System.Security.Authentication;
using System.Text.Json;
using ClickOrleans.Pipeline.Index;
using Elastic.Clients.Elasticsearch;
using Elastic.Transport;

namespace ClickOrleans.Elasticsearch.Connection;

/// <summary>The failure behind what the client throws.</summary>
internal static class ClientFailure
{
    public static Exception Of(Exception exception, string address)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is IndexSetupException)
            {
                return inner;
            }
        }

        return exception switch
        {
            UnsupportedProductException => ErrorAnswer.OtherProduct(address),
            TransportException { InnerException: { } inner } => Of(inner, address),
            TransportException => new HttpRequestException($"{address}: {exception.Message}", exception),
            OperationCanceledException { InnerException: TimeoutException } =>
                new HttpRequestException($"{address} did not answer in time.", exception),
            JsonException or FormatException => NotElasticsearch(address, exception),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Tls(exception, address),
            _ => exception,
        };
    }

    /// <summary>The answer is not shaped as Elasticsearch's are.</summary>
    public static InvalidDataException NotElasticsearch(string address, Exception exception) =>
        new($"{address} does not answer as Elasticsearch does: {exception.Message}", exception);

    private static Exception Tls(Exception exception, string address) => exception.InnerException is AuthenticationException tls
        ? new IndexSetupException(
            $"{address} does not complete a TLS handshake ({tls.Message}): check that it is Elasticsearch's HTTPS port, "
            + "and use http:// in the connection string if it is served without TLS.",
            exception)
        : exception;
}
