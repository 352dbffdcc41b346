using System.Globalization;
using ClickOrleans.Pipeline.Series;
using ClickOrleans.Pipeline.Store;
using Microsoft.AspNetCore.Components;

namespace ClickOrleans.Dashboard.Pages;

/// <summary>Clicks and visitors over the last day, week or month, with the top pages and countries of that range.</summary>
public sealed partial class Traffic : ComponentBase
{
    private const int Top = 10;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static readonly Range[] Ranges =
    [
        new("24h", "24 hours", "hour", 24, SeriesStep.Hour),
        new("7d", "7 days", "hour", 7 * 24, SeriesStep.Hour),
        new("30d", "30 days", "day", 30, SeriesStep.Day),
    ];

    private Range _range = Ranges[0];
    private IReadOnlyList<SeriesItem>? _items;
    private IReadOnlyList<NamedClicks> _pages = [];
    private IReadOnlyList<NamedClicks> _countries = [];
    private string? _error;
    private int _asked;

    [Inject]
    public SeriesReader Series { get; set; } = null!;

    [Inject]
    public ISeriesStore Store { get; set; } = null!;

    [Inject]
    public TimeProvider Time { get; set; } = null!;

    /// <summary>Initial range: <c>24h</c>, <c>7d</c> or <c>30d</c>.</summary>
    [SupplyParameterFromQuery(Name = "range")]
    public string? Key { get; set; }

    protected override Task OnInitializedAsync() => ShowAsync(Array.Find(Ranges, range => range.Key == Key) ?? Ranges[0]);

    private static string Text(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Whoever chooses twice sees the second choice, whichever answer comes last.</summary>
    private async Task ShowAsync(Range range)
    {
        _range = range;
        var asked = ++_asked;
        using var cancellation = new CancellationTokenSource(Timeout);
        try
        {
            var shown = await ReadAsync(range, cancellation.Token).WaitAsync(cancellation.Token);
            if (asked == _asked)
            {
                (_items, _pages, _countries) = shown;
                _error = null;
            }
        }
        catch (OperationCanceledException) when (asked == _asked)
        {
            _error = $"Timed out after {Timeout.TotalSeconds:N0} s.";
        }
        catch (Exception exception) when (asked == _asked)
        {
            _error = $"Query failed: {exception.Message}";
        }
        catch (Exception)
        {
            // Of a choice that is no longer shown.
        }
    }

    private async Task<(IReadOnlyList<SeriesItem>, IReadOnlyList<NamedClicks>, IReadOnlyList<NamedClicks>)> ReadAsync(
        Range range, CancellationToken cancellationToken)
    {
        var request = SeriesRequest.Last(range.Buckets, range.Step, Time.GetUtcNow().UtcDateTime, SeriesScope.Site);
        return (
            await Series.ReadAsync(request, cancellationToken),
            await Store.GetTopPagesAsync(request.From, request.To, Top, cancellationToken),
            await Store.GetTopCountriesAsync(request.From, request.To, Top, cancellationToken));
    }

    private sealed record Range(string Key, string Name, string Unit, int Buckets, SeriesStep Step);
}
