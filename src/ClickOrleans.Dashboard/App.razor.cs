using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace ClickOrleans.Dashboard;

/// <summary>The HTML document around the pages.</summary>
public sealed partial class App
{
    public const string ThemeCookie = "theme";

    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    /// <summary>The theme that the user selected; null: the operating system's.</summary>
    private string? Theme => ThemeOf(Http);

    /// <summary>True if the request is authenticated by a session cookie, so that the user can sign out.</summary>
    private bool IsSignedIn => Http.Items.ContainsKey(DashboardHosting.SignedIn);

    internal static string? ThemeOf(HttpContext? http) =>
        http?.Request.Cookies[ThemeCookie] is "dark" or "light" ? http.Request.Cookies[ThemeCookie] : null;
}
