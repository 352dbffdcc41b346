using Aspire.Hosting.Testing;

namespace ClickOrleans.AppHost.Tests;

/// <summary>
/// The app host as a test starts it: told everything, so that neither the machine nor a person's user secrets decide.
/// </summary>
internal static class AppHostBuilder
{
    /// <summary>A start under Aspire is half a dozen processes: much more than it takes on an idle machine.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);

    /// <summary>What would otherwise be generated, or noted, in the user secrets.</summary>
    public static readonly string[] Secrets =
    [
        "AppHost:OtlpApiKey=otlpkeyofatest",
        "AppHost:DashboardApiKey=dashboardkeyofatest",
        "ASPIRE_VERSION_CHECK_DISABLED=true",
        "Parameters:postgres-password=postgrespasswordofatest",
        "Parameters:elasticsearch-password=elasticsearchpasswordofatest",
    ];

    /// <summary>A container runtime that is not there.</summary>
    public const string NoRuntime = "ASPIRE_CONTAINER_RUNTIME=no-such-container-runtime";

    public static string Runtime(ScriptProgram program) => $"ASPIRE_CONTAINER_RUNTIME={program.Path}";

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.ClickOrleans_AppHost>(
            [.. arguments, .. Secrets], TestContext.Current.CancellationToken);

    /// <summary>With the Aspire dashboard, open to whoever is on this machine.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateWithDashboardAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.ClickOrleans_AppHost>(
            [
                .. arguments, .. Secrets,
                "ASPIRE_ALLOW_UNSECURED_TRANSPORT=true", "ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true",
            ],
            (options, _) => options.DisableDashboard = false,
            TestContext.Current.CancellationToken);
}
