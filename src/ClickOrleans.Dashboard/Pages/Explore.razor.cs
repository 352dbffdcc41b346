using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using Microsoft.AspNetCore.Components;

namespace ClickOrleans.Dashboard.Pages;

/// <summary>Searches the index, shows the top pages and countries, and compares a rollup with its raw clicks.</summary>
public sealed partial class Explore : ComponentBase
{
    private const int Limit = 50;
    private const int Top = 10;
    private const int MaxRawClicks = 50;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>The recount reads every click of the store.</summary>
    private static readonly TimeSpan CountTimeout = TimeSpan.FromSeconds(20);

    private string _input = "";
    private string _query = "";
    private IReadOnlyList<IndexDocument>? _results;
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

    /// <summary>Initial search words.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Words { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _input = Words ?? "";
        await SearchAsync();
        await RunAsync(
            async token =>
            {
                _pages = await Store.GetTopPagesAsync(Top, token);
                _countries = await Store.GetTopCountriesAsync(Top, token);
            },
            Timeout);
    }

    private async Task SearchAsync()
    {
        var words = _input;
        await RunAsync(
            async token =>
            {
                _results = await Index.SearchAsync(words, Limit, token);
                _query = words;
            },
            Timeout);
    }

    private async Task ExplainAsync(IndexDocument document)
    {
        (_explaining, _explained, _raw) = (document, null, []);
        await RunAsync(
            async token =>
            {
                var explained = await Store.ExplainAsync(document.Url, document.Country, token)
                    ?? throw new InvalidOperationException("The store has no such rollup.");
                _raw = await Store.GetLatestClicksAsync(document.Url, document.Country, MaxRawClicks, token);
                _explained = explained;
            },
            CountTimeout);
        _explaining = _explained is null ? null : document;
    }

    private void CloseExplained() => (_explaining, _explained) = (null, null);

    private async Task RunAsync(Func<CancellationToken, Task> operation, TimeSpan timeout)
    {
        _isBusy = true;
        using var cancellation = new CancellationTokenSource(timeout);
        try
        {
            await operation(cancellation.Token).WaitAsync(cancellation.Token);
            _error = null;
        }
        catch (OperationCanceledException)
        {
            _error = $"Timed out after {timeout.TotalSeconds:N0} s.";
        }
        catch (Exception exception)
        {
            _error = $"Query failed: {exception.Message}";
        }
        finally
        {
            _isBusy = false;
        }
    }
}
