using Microsoft.Playwright;

namespace ClickOrleans.Dashboard.Tests.Browsing;

/// <summary>A page in its own browser context, and the errors that the browser has reported.</summary>
public sealed class BrowserSession : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];

    public BrowserSession(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Record(message.Type is "error" or "warning", $"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => Record(true, $"page error: {error}");
        page.RequestFailed += (_, request) => Record(!IsAborted(request), $"failed: {request.Url} {request.Failure}");
        page.Response += (_, response) => Record(response.Status >= 400, $"{response.Status}: {response.Url}");
    }

    public IPage Page { get; }

    public IBrowserContext Context => _context;

    /// <summary>Console errors and warnings, failed requests, responses with status 400 or above.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_errors)
            {
                return [.. _errors];
            }
        }
    }

    /// <summary>Opens a page and waits until its circuit is connected.</summary>
    public async Task<BrowserSession> OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await Page.WaitForSelectorAsync(".shell[data-live=yes]");
        return this;
    }

    /// <summary>Waits until the page has this path.</summary>
    /// <remarks>
    /// Not <c>WaitForURLAsync</c>: it checks before it subscribes and misses a navigation between the two
    /// (https://github.com/microsoft/playwright-dotnet/issues/3364).
    /// </remarks>
    public Task ExpectUrlAsync(string path) => Assertions.Expect(Page).ToHaveURLAsync(path);

    public ILocator Find(string testId) => Page.GetByTestId(testId);

    /// <summary>Fills a field.</summary>
    public Task FillAsync(string testId, string text) => Find(testId).FillAsync(text);

    /// <summary>Waits until an element contains the text.</summary>
    public Task ExpectTextAsync(string testId, string text, float milliseconds = Chromium.Timeout) =>
        Assertions.Expect(Find(testId)).ToContainTextAsync(
            text, new LocatorAssertionsToContainTextOptions { Timeout = milliseconds });

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    /// <summary>Requests aborted by a navigation are not failures.</summary>
    private static bool IsAborted(Microsoft.Playwright.IRequest request) => request.Failure == "net::ERR_ABORTED";

    private void Record(bool isError, string text)
    {
        if (isError)
        {
            lock (_errors)
            {
                _errors.Add(text);
            }
        }
    }
}
