using ClickOrleans.Dashboard.Tests.Browsing;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>The pages of the dashboard.</summary>
internal static class DashboardPages
{
    public static readonly string[] Paths =
        ["/", "/control", "/consumers", "/silos", "/runs", "/dead-letters", "/traffic", "/explore"];

    private static readonly string Root = FindRoot();

    public static string ScreenshotFile(string path, int width, bool dark)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, "artifacts", "dashboard")).FullName;
        var page = path == "/" ? "overview" : path.Trim('/');
        return Path.Combine(folder, $"{page}-{width}-{(dark ? "dark" : "light")}.png");
    }

    /// <summary>Waits until the page is loaded; opens its details.</summary>
    public static async Task WaitUntilLoadedAsync(BrowserSession session, string path)
    {
        await Assertions.Expect(session.Page.Locator(".loading")).ToHaveCountAsync(0);
        if (path == "/silos")
        {
            await session.ExpectTextAsync("silos", " MB");
        }
        else if (path == "/dead-letters")
        {
            await session.Find("view").First.ClickAsync();
            await session.Find("payload").WaitForAsync();
            await session.Find("preview").ClickAsync();
            await session.Find("previews").WaitForAsync();
        }
        else if (path == "/explore")
        {
            await session.Find("explain").First.ClickAsync();
            await session.Find("verdict").WaitForAsync();
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ClickOrleans.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
