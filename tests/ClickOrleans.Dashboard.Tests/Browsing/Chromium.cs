using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests.Browsing;

/// <summary>The installed chromium, started on first use; without one the browser tests are skipped with a reason.</summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>Milliseconds; generous, because a loaded machine is slow.</summary>
    internal const float Timeout = 20_000;

    private static readonly string[] Paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly SemaphoreSlim _starting = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A new browser context: no cookies or storage are shared between tests.</summary>
    public async Task<BrowserSession> OpenSessionAsync(string address, bool dark = false, int width = 1280, int height = 900)
    {
        var context = await (await StartAsync()).NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
        });
        context.SetDefaultTimeout(Timeout);
        return new BrowserSession(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }

    private async Task<IBrowser> StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_browser is not null)
            {
                return _browser;
            }

            var program = Paths.FirstOrDefault(File.Exists);
            if (program is null)
            {
                const string Reason = "chromium is not installed (apt-get install chromium).";
                Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
                Assert.Fail(Reason);
            }

            Assertions.SetDefaultExpectTimeout(Timeout);
            _playwright = await Playwright.CreateAsync();
            return _browser = await _playwright.Chromium.LaunchAsync(
                new BrowserTypeLaunchOptions
                {
                    ExecutablePath = program,
                    Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
                });
        }
        finally
        {
            _starting.Release();
        }
    }
}
