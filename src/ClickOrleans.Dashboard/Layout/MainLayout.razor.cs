using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ClickOrleans.Dashboard.Layout;

/// <summary>Header, navigation and health banner around every page.</summary>
public sealed partial class MainLayout
{
    private static readonly (string Href, string Name, string Icon)[] Links =
    [
        ("/", "Overview", Icons.Material.Filled.Timeline),
        ("/control", "Control", Icons.Material.Filled.Tune),
        ("/consumers", "Consumers", Icons.Material.Filled.CallSplit),
        ("/silos", "Silos", Icons.Material.Filled.Dns),
        ("/runs", "Runs", Icons.Material.Filled.History),
        ("/dead-letters", "Dead letters", Icons.Material.Filled.MarkEmailUnread),
        ("/traffic", "Traffic", Icons.Material.Filled.BarChart),
        ("/explore", "Explore", Icons.Material.Filled.Search),
    ];

    [Inject]
    public NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter(Name = "IsSignedIn")]
    public bool IsSignedIn { get; set; }
}
