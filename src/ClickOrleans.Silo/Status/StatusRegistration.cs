namespace ClickOrleans.Silo.Status;

/// <summary>Registers what reads and judges the pipeline's status.</summary>
internal static class StatusRegistration
{
    public static void AddStatus(this IServiceCollection services)
    {
        services.AddSingleton<SiloDirectory>();
        services.AddSingleton<StatusReader>();
        services.AddSingleton<StageAges>();
        services.AddSingleton<IndexMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<IndexMonitor>());
        services.AddSingleton<StatusSampler>();
        services.AddHostedService(provider => provider.GetRequiredService<StatusSampler>());
        services.AddSingleton<LivenessMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<LivenessMonitor>());
        services.AddSingleton<IStatusFeed>(provider => provider.GetRequiredService<StatusSampler>());
    }
}
