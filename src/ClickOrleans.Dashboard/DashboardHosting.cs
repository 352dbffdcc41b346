using ClickOrleans.Dashboard.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace ClickOrleans.Dashboard;

/// <summary>What a host needs to have the dashboard at its root.</summary>
public static class DashboardHosting
{
    /// <summary>The item of a request's context that says that it came with a session.</summary>
    public static readonly object SignedIn = new();

    /// <summary>Needs of the host: the ports, the grains and an <see cref="Pipeline.Status.IStatusFeed"/>.</summary>
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
