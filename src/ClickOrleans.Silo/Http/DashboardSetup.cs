using ClickOrleans.Dashboard;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.FileProviders;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Orleans.Dashboard;

namespace ClickOrleans.Silo.Http;

/// <summary>The dashboard at the root of every silo, the Orleans dashboard at <c>/orleans</c>.</summary>
internal static class DashboardSetup
{
    private const string OrleansPath = "/orleans";

    public static void AddDashboard(this WebApplicationBuilder builder)
    {
        builder.FindAssets();
        builder.Services.AddDashboard();
        builder.Services.AddSignIn();
        builder.Services.AddSingleton<IDataProtectionProvider, DerivedProtection>();
        builder.Services.AddSingleton<IStatusFeed>(provider => provider.GetRequiredService<Status.StatusSampler>());

        // The trace is the process's log: it is not for everybody who may look at the pipeline.
        builder.UseOrleans(silo => silo.AddDashboard(options => options.HideTrace = true));
    }

    public static void MapDashboards(this WebApplication app)
    {
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.MapSignIn();
        app.MapDashboard();
        app.MapOrleansDashboard(OrleansPath);
    }

    /// <summary>
    /// The program may be started from anywhere: its files are beside it where it was published, and where its build says where it was only
    /// built.
    /// </summary>
    private static void FindAssets(this WebApplicationBuilder builder)
    {
        var published = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (Directory.Exists(published))
        {
            builder.Environment.WebRootFileProvider = new PhysicalFileProvider(published);
        }

        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
    }
}
