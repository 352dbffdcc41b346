using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests.Browsing;

/// <summary>A person with a browser, and a list of what the browser complained about.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    public Visitor(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Keep(message.Type is "error" or "warning", $"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => Keep(true, $"page error: {error}");
        page.RequestFailed += (_, request) => Keep(!IsLeft(request), $"failed: {request.Url} {request.Failure}");
        page.Response += (_, response) => Keep(response.Status >= 400, $"{response.Status}: {response.Url}");
    }

    public IPage Page { get; }

    public IBrowserContext Context => _context;

    /// <summary>Console errors and warnings, failed requests, answers of 400 and above.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints)
            {
                return [.. _complaints];
            }
        }
    }

    /// <summary>Opens a page and waits until it is live.</summary>
    public async Task<Visitor> OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await Page.WaitForSelectorAsync(".shell[data-live=yes]");
        return this;
    }

    /// <summary>Waits until the browser is at this address of the site.</summary>
    /// <remarks>
    /// Not <c>WaitForURLAsync</c>: it looks first and subscribes then, and misses what happens between the two
    /// (https://github.com/microsoft/playwright-dotnet/issues/3364).
    /// </remarks>
    public Task ArriveAsync(string path) => Assertions.Expect(Page).ToHaveURLAsync(path);

    public ILocator Find(string testId) => Page.GetByTestId(testId);

    /// <summary>Types into a field.</summary>
    public Task FillAsync(string testId, string text) => Find(testId).FillAsync(text);

    /// <summary>Waits until something says this.</summary>
    public Task SeeAsync(string testId, string text, float milliseconds = Chromium.Timeout) =>
        Assertions.Expect(Find(testId)).ToContainTextAsync(text, new LocatorAssertionsToContainTextOptions { Timeout = milliseconds });

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    /// <summary>What a page asked for and its visitor left before it came is no failure.</summary>
    private static bool IsLeft(Microsoft.Playwright.IRequest request) => request.Failure == "net::ERR_ABORTED";

    private void Keep(bool isComplaint, string text)
    {
        if (isComplaint)
        {
            lock (_complaints)
            {
                _complaints.Add(text);
            }
        }
    }
}
