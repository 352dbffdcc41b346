using ClickOrleans.Dashboard.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace ClickOrleans.Dashboard;

/// <summary>Registers the dashboard in a host and maps it at the root.</summary>
public static class DashboardHosting
{
    /// <summary>Key in <c>HttpContext.Items</c> that marks a request authenticated by a session cookie.</summary>
    public static readonly object SignedIn = new();

    /// <summary>Requires the pipeline's ports, the grains and an <see cref="Pipeline.Status.IStatusFeed"/>.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddSingleton<DashboardFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<DashboardFeed>());
        return services;
    }

    public static void MapDashboard(this IEndpointRouteBuilder app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
