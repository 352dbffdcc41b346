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

        // The trace is the process's log: it is not for everybody who may look at the pipeline.
        builder.UseOrleans(silo => silo.AddDashboard(options => options.HideTrace = true));
    }

    public static void MapDashboards(this WebApplication app)
    {
        app.RefuseCircuitsAtTheEnd();
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.MapSignIn();
        app.MapDashboard();
        app.MapOrleansDashboard(OrleansPath);
    }

    /// <summary>
    /// A silo that stops closes its circuits, and their browsers come back at once. A circuit begun after that would be closed
    /// by nobody, and
    /// the silo would wait for it as long as it waits at all.
    /// </summary>
    private static void RefuseCircuitsAtTheEnd(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            var isCircuit = context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal);
            if (!stopping.IsCancellationRequested || !isCircuit)
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
    }

    /// <summary>
    /// The program may be started from anywhere: its files are beside it where it was published, and where its build says where
    /// it was only
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
