using System.Globalization;
using ClickOrleans.Dashboard.Live;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ClickOrleans.Dashboard.Pages;

/// <summary>Lists dead letters, previews a retry, retries and discards them.</summary>
public sealed partial class DeadLetters : LivePage
{
    private const int PageSize = 50;
    private const int MaxPreviewed = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HashSet<DeadLetterId> _selected = [];
    private IReadOnlyList<DeadLetterCount> _counts = [];
    private IReadOnlyList<StoredDeadLetter>? _letters;
    private IReadOnlyList<RetryPreview>? _previews;
    private DeadLetterReason? _reason;
    private int? _partition;
    private DeadLetterId? _after;
    private DeadLetterId? _open;
    private string? _error;
    private string? _result;
    private bool _isBusy;
    private long _loadedCount = -1;

    [Inject]
    public DeadLetterService Service { get; set; } = null!;

    [Inject]
    public IStoreInsight Store { get; set; } = null!;

    [Inject]
    public IDialogService Dialogs { get; set; } = null!;

    private DeadLetterFilter Filter => new(_reason, _partition);

    /// <summary>The dead letters that the buttons act on.</summary>
    private string Selection => _selected.Count > 0
        ? $"{_selected.Count:N0} selected"
        : (_reason, _partition) switch
        {
            (null, null) => $"All {_counts.Sum(count => count.Count):N0}",
            (not null, null) => $"All with reason {_reason.Value.Name()}",
            (null, not null) => $"All of partition {_partition}",
            _ => $"All of partition {_partition} with reason {_reason!.Value.Name()}",
        };

    private bool AllSelected => _letters is { Count: > 0 } letters && letters.All(letter => _selected.Contains(letter.Id));

    protected override Task OnInitializedAsync() => LoadAsync();

    /// <summary>Reloads when the count has changed, unless the user has selected or opened a dead letter.</summary>
    protected override async Task RefreshAsync()
    {
        var isIdle = !_isBusy && _selected.Count == 0 && _open is null;
        if (isIdle && Now.Status?.Totals.DeadLetters is { } count && count != _loadedCount)
        {
            await LoadAsync();
            StateHasChanged();
        }
    }

    private async Task LoadAsync()
    {
        _loadedCount = Now.Status?.Totals.DeadLetters ?? -1;
        await RunAsync(async token =>
        {
            _counts = await Store.CountDeadLettersAsync(token);
            _letters = await Service.ListAsync(Filter with { After = _after, Limit = PageSize }, token);
        });
    }

    private Task SelectReasonAsync(ChangeEventArgs change)
    {
        _reason = change.Value is string { Length: > 0 } name ? DeadLetterReasons.Parse(name) : null;
        return FilterChangedAsync();
    }

    private Task SelectPartitionAsync(ChangeEventArgs change)
    {
        _partition = int.TryParse(change.Value as string, CultureInfo.InvariantCulture, out var partition) ? partition : null;
        return FilterChangedAsync();
    }

    private Task FilterChangedAsync()
    {
        _selected.Clear();
        (_previews, _result, _open) = (null, null, null);
        return FirstAsync();
    }

    private Task FirstAsync()
    {
        _after = null;
        return LoadAsync();
    }

    private Task NextAsync()
    {
        _after = _letters![^1].Id;
        return LoadAsync();
    }

    private void Select(DeadLetterId id, bool isSelected)
    {
        if (isSelected)
        {
            _selected.Add(id);
        }
        else
        {
            _selected.Remove(id);
        }
    }

    private void SelectAll(ChangeEventArgs change)
    {
        foreach (var letter in _letters!)
        {
            Select(letter.Id, change.Value is true);
        }
    }

    private Task PreviewAsync() => RunAsync(async token =>
    {
        var letters = _selected.Count > 0
            ? _letters!.Where(letter => _selected.Contains(letter.Id))
            : await Service.ListAsync(Filter with { Limit = MaxPreviewed }, token);
        _previews = DeadLetterService.Preview(letters);
    });

    private Task RetryAsync() => ConfirmAndRunAsync(
        "Retry",
        "stored as clicks",
        "Messages that still cannot be decoded or stored remain dead letters.",
        token => _selected.Count > 0 ? Service.RetryAsync([.. _selected], token) : Service.RetryAsync(Filter, token));

    private Task DiscardAsync() => ConfirmAndRunAsync(
        "Discard",
        "discarded",
        "Their payloads are deleted permanently.",
        token => _selected.Count > 0 ? Service.DiscardAsync([.. _selected], token) : Service.DiscardAsync(Filter, token));

    private async Task ConfirmAndRunAsync(
        string verb, string done, string consequence, Func<CancellationToken, Task<DeadLetterTally>> operation)
    {
        var text = $"{Selection}. {consequence}";
        if (await Dialogs.ShowMessageBoxAsync($"{verb}?", text, yesText: verb, cancelText: "Cancel") != true)
        {
            return;
        }

        await RunAsync(
            async token =>
            {
                var tally = await operation(token);
                _result = $"{tally.Done:N0} {done}" +
                    (tally.Unchanged > 0 ? $", {tally.Unchanged:N0} unchanged" : "") +
                    (tally.Gone > 0 ? $", {tally.Gone:N0} not found" : "") + ".";
            },
            System.Threading.Timeout.InfiniteTimeSpan);
        _selected.Clear();
        (_previews, _open, _after) = (null, null, null);
        await LoadAsync();
    }

    private async Task RunAsync(Func<CancellationToken, Task> operation, TimeSpan? timeout = null)
    {
        _isBusy = true;
        using var cancellation = new CancellationTokenSource(timeout ?? Timeout);
        try
        {
            await operation(cancellation.Token);
            _error = null;
        }
        catch (OperationCanceledException)
        {
            _error = $"The store timed out after {Timeout.TotalSeconds:N0} s.";
        }
        catch (Exception exception)
        {
            _error = $"Failed: {exception.Message}";
        }
        finally
        {
            _isBusy = false;
        }
    }
}
