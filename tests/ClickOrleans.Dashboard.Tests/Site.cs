using ClickOrleans.Dashboard.Tests.Browsing;
using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests;

/// <summary>The pages there are.</summary>
internal static class Site
{
    public static readonly string[] Pages = ["/", "/control", "/consumers", "/silos", "/runs", "/dead-letters", "/explore"];

    private static readonly string Root = FindRoot();

    public static string Picture(string path, int width, bool dark)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, "artifacts", "dashboard")).FullName;
        var page = path == "/" ? "overview" : path.Trim('/');
        return Path.Combine(folder, $"{page}-{width}-{(dark ? "dark" : "light")}.png");
    }

    /// <summary>Waits until the page shows what it is about, with what can be opened opened.</summary>
    public static async Task SettleAsync(Visitor visitor, string path)
    {
        await Assertions.Expect(visitor.Page.Locator(".waiting")).ToHaveCountAsync(0);
        if (path == "/silos")
        {
            await visitor.SeeAsync("silos", " MB");
        }
        else if (path == "/dead-letters")
        {
            await visitor.Find("view").First.ClickAsync();
            await visitor.Find("payload").WaitForAsync();
            await visitor.Find("preview").ClickAsync();
            await visitor.Find("previews").WaitForAsync();
        }
        else if (path == "/explore")
        {
            await visitor.Find("explain").First.ClickAsync();
            await visitor.Find("verdict").WaitForAsync();
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
