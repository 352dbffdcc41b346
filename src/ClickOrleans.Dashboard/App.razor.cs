using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace ClickOrleans.Dashboard;

/// <summary>The document around the pages.</summary>
public sealed partial class App
{
    public const string ThemeCookie = "theme";

    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    /// <summary>The visitor's choice; null: as the system has it.</summary>
    private string? Theme => Http.Request.Cookies[ThemeCookie] is "dark" or "light" ? Http.Request.Cookies[ThemeCookie] : null;

    /// <summary>True where there is a session that can be ended.</summary>
    private bool IsSignedIn => Http.Items.ContainsKey(DashboardHosting.SignedIn);
}
