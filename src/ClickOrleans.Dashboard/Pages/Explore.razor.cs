using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using Microsoft.AspNetCore.Components;

namespace ClickOrleans.Dashboard.Pages;

/// <summary>The index searched, what is clicked most, and the raw clicks behind a number.</summary>
public sealed partial class Explore : ComponentBase
{
    private const int Limit = 50;
    private const int Top = 10;
    private const int RawShown = 50;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Counting again reads every click there is.</summary>
    private static readonly TimeSpan CountTimeout = TimeSpan.FromSeconds(20);

    private string _words = "";
    private string _asked = "";
    private IReadOnlyList<IndexDocument>? _found;
    private IReadOnlyList<NamedClicks> _pages = [];
    private IReadOnlyList<NamedClicks> _countries = [];
    private IndexDocument? _explaining;
    private ExplainedRollup? _explained;
    private IReadOnlyList<RawClick> _raw = [];
    private string? _error;
    private bool _isBusy;

    [Inject]
    public IClickIndex Index { get; set; } = null!;

    [Inject]
    public IStoreInsight Store { get; set; } = null!;

    /// <summary>Words to search for at once.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Words { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _words = Words ?? "";
        await SearchAsync();
        await TryAsync(
            async token =>
            {
                _pages = await Store.GetTopPagesAsync(Top, token);
                _countries = await Store.GetTopCountriesAsync(Top, token);
            },
            Timeout);
    }

    private async Task SearchAsync()
    {
        var words = _words;
        await TryAsync(
            async token =>
            {
                _found = await Index.SearchAsync(words, Limit, token);
                _asked = words;
            },
            Timeout);
    }

    private async Task ExplainAsync(IndexDocument document)
    {
        (_explaining, _explained, _raw) = (document, null, []);
        await TryAsync(
            async token =>
            {
                var explained = await Store.ExplainAsync(document.Url, document.Country, token)
                    ?? throw new InvalidOperationException("The store has no such rollup; the index is ahead of it.");
                _raw = await Store.GetLatestClicksAsync(document.Url, document.Country, RawShown, token);
                _explained = explained;
            },
            CountTimeout);
        _explaining = _explained is null ? null : document;
    }

    private void CloseExplained() => (_explaining, _explained) = (null, null);

    private async Task TryAsync(Func<CancellationToken, Task> work, TimeSpan timeout)
    {
        _isBusy = true;
        using var cancellation = new CancellationTokenSource(timeout);
        try
        {
            await work(cancellation.Token).WaitAsync(cancellation.Token);
            _error = null;
        }
        catch (OperationCanceledException)
        {
            _error = $"No answer within {timeout.TotalSeconds:N0} s.";
        }
        catch (Exception outage)
        {
            _error = $"It cannot be read: {outage.Message}";
        }
        finally
        {
            _isBusy = false;
        }
    }
}
