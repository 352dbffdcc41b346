using ClickOrleans.Dashboard.Live;
using ClickOrleans.Grains.Silos;
using Microsoft.AspNetCore.Components;

namespace ClickOrleans.Dashboard.Pages;

/// <summary>Members of the cluster with uptime and load.</summary>
public sealed partial class Silos : LivePage
{
    private IReadOnlyDictionary<string, SiloLoad> _loads = new Dictionary<string, SiloLoad>();

    [Inject]
    public SiloLoads Loads { get; set; } = null!;

    protected override async Task RefreshAsync()
    {
        _loads = await Loads.GetAsync();
        await base.RefreshAsync();
    }

    private static string Duration(TimeSpan age) => age switch
    {
        { TotalSeconds: < 0 } => "0 s",
        { TotalMinutes: < 2 } => $"{age.TotalSeconds:N0} s",
        { TotalHours: < 2 } => $"{age.TotalMinutes:N0} min",
        { TotalDays: < 2 } => $"{age.TotalHours:N0} h",
        _ => $"{age.TotalDays:N0} days",
    };
}
