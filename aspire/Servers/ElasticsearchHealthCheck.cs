using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClickOrleans.AppHost.Servers;

/// <summary>Healthy when <c>/_cluster/health</c> answers and is not red.</summary>
/// <param name="address"><c>http://user:password@host:port</c>; null = not known yet.</param>
public sealed class ElasticsearchHealthCheck(Func<CancellationToken, ValueTask<string?>> address) : IHealthCheck
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!Uri.TryCreate(await address(cancellationToken), UriKind.Absolute, out var server))
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The address is not known yet.");
        }

        try
        {
            var health = new UriBuilder(server) { Path = "/_cluster/health", UserName = "", Password = "" }.Uri;
            using var request = new HttpRequestMessage(HttpMethod.Get, health);
            if (server.UserInfo.Length > 0)
            {
                var credentials = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(server.UserInfo));
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
            }

            using var answer = await Http.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return answer.IsSuccessStatusCode && !text.Contains("\"status\":\"red\"", StringComparison.Ordinal)
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, $"{(int)answer.StatusCode}: {text}");
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, fault.Message, fault);
        }
    }
}
