using ClickOrleans.Silo.Http;
using ClickOrleans.Silo.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Silo.Tests.Http;

public sealed class HealthRoutesTests
{
    [Fact]
    public async Task Load_balancers_may_ask_by_HEAD()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<LivenessMonitor>();
        builder.Services.AddSingleton<StatusSampler>();
        await using var app = builder.Build();

        app.MapHealth();

        var sources = ((IEndpointRouteBuilder)app).DataSources;
        var routes = sources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>().ToList();
        Assert.Equal(["/health/live", "/health/ready"], routes.Select(route => route.RoutePattern.RawText).Order());
        Assert.All(routes, route => Assert.Equal(
            ["GET", "HEAD"], route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Order()));
    }
}
