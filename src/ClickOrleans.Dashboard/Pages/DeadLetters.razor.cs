using System.Globalization;
using ClickOrleans.Dashboard.Live;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ClickOrleans.Dashboard.Pages;

/// <summary>Dead letters, to be looked at, retried and given up.</summary>
public sealed partial class DeadLetters : LivePage
{
    private const int Page = 50;
    private const int MostPreviewed = 1000;

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
    private string? _done;
    private bool _isBusy;
    private long _known = -1;

    [Inject]
    public DeadLetterService Desk { get; set; } = null!;

    [Inject]
    public IStoreInsight Store { get; set; } = null!;

    [Inject]
    public IDialogService Dialogs { get; set; } = null!;

    private DeadLetterFilter Filter => new(_reason, _partition);

    /// <summary>What the buttons act on.</summary>
    private string Meant => _selected.Count > 0
        ? $"{_selected.Count:N0} selected"
        : (_reason, _partition) switch
        {
            (null, null) => $"All {_counts.Sum(count => count.Count):N0}",
            (not null, null) => $"All that are {_reason.Value.Name()}",
            (null, not null) => $"All of partition {_partition}",
            _ => $"All of partition {_partition} that are {_reason!.Value.Name()}",
        };

    protected override Task OnInitializedAsync() => LoadAsync();

    /// <summary>Read again where others came, as long as nothing is being looked at.</summary>
    protected override async Task RenewAsync()
    {
        if (Now.Status?.Totals.DeadLetters is { } count && count != _known && !_isBusy && _selected.Count == 0 && _open is null)
        {
            await LoadAsync();
            StateHasChanged();
        }
    }

    private async Task LoadAsync()
    {
        _known = Now.Status?.Totals.DeadLetters ?? -1;
        await TryAsync(async token =>
        {
            _counts = await Store.CountDeadLettersAsync(token);
            _letters = await Desk.ListAsync(Filter with { After = _after, Limit = Page }, token);
        });
    }

    private Task ChooseReasonAsync(ChangeEventArgs change)
    {
        _reason = change.Value is string { Length: > 0 } name ? DeadLetterReasons.Parse(name) : null;
        return ChosenAsync();
    }

    private Task ChoosePartitionAsync(ChangeEventArgs change)
    {
        _partition = int.TryParse(change.Value as string, CultureInfo.InvariantCulture, out var partition) ? partition : null;
        return ChosenAsync();
    }

    private Task ChosenAsync()
    {
        _selected.Clear();
        (_previews, _done, _open) = (null, null, null);
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

    private Task PreviewAsync() => TryAsync(async token =>
    {
        var letters = _selected.Count > 0
            ? _letters!.Where(letter => _selected.Contains(letter.Id))
            : await Desk.ListAsync(Filter with { Limit = MostPreviewed }, token);
        _previews = DeadLetterService.Preview(letters);
    });

    private Task RetryAsync() => ActAsync(
        "Retry",
        "stored as clicks",
        "What is still no click stays where it is.",
        token => _selected.Count > 0 ? Desk.RetryAsync([.. _selected], token) : Desk.RetryAsync(Filter, token));

    private Task DiscardAsync() => ActAsync(
        "Discard",
        "discarded",
        "Their payloads are removed for good.",
        token => _selected.Count > 0 ? Desk.DiscardAsync([.. _selected], token) : Desk.DiscardAsync(Filter, token));

    private async Task ActAsync(string verb, string done, string consequence, Func<CancellationToken, Task<DeadLetterTally>> act)
    {
        if (await Dialogs.ShowMessageBoxAsync($"{verb}?", $"{Meant}. {consequence}", yesText: verb, cancelText: "Cancel") != true)
        {
            return;
        }

        await TryAsync(
            async token =>
            {
                var tally = await act(token);
                _done = $"{tally.Done:N0} {done}" +
                    (tally.Unchanged > 0 ? $", {tally.Unchanged:N0} still no click" : "") +
                    (tally.Gone > 0 ? $", {tally.Gone:N0} not there any more" : "") + ".";
            },
            System.Threading.Timeout.InfiniteTimeSpan);
        _selected.Clear();
        (_previews, _open, _after) = (null, null, null);
        await LoadAsync();
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, TimeSpan? timeout = null)
    {
        _isBusy = true;
        using var cancellation = new CancellationTokenSource(timeout ?? Timeout);
        try
        {
            await work(cancellation.Token);
            _error = null;
        }
        catch (OperationCanceledException)
        {
            _error = $"The store did not answer within {Timeout.TotalSeconds:N0} s.";
        }
        catch (Exception outage)
        {
            _error = $"It could not be done: {outage.Message}";
        }
        finally
        {
            _isBusy = false;
        }
    }
}
