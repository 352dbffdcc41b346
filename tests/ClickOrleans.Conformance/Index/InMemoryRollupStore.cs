using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Conformance.Index;

/// <summary>The rollup store as the indexer needs it, kept in memory: what was marked is what a real store would hold.</summary>
public sealed class InMemoryRollupStore : IRollupStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, Entry> _entries = [];
    private readonly SortedSet<long> _unindexed = [];
    private readonly Dictionary<long, (Guid Token, bool IsConfirmed)> _states = [];
    private string? _identity;
    private long _epoch;

    /// <summary>Called before marks are written; may throw as a store that is away.</summary>
    public Action<IReadOnlyList<IndexedMark>>? Marking { get; set; }

    /// <summary>Marks in the order they came.</summary>
    public List<IndexedMark> Marks { get; } = [];

    public int Count => _entries.Count;

    public IReadOnlyList<Rollup> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries.Values.Select(entry => entry.Rollup)];
            }
        }
    }

    /// <summary>Adds a page or raises its version.</summary>
    public void Put(string url, string country, long clicks)
    {
        lock (_lock)
        {
            var known = _entries.Values.FirstOrDefault(entry => entry.Rollup.Url == url && entry.Rollup.Country == country);
            var pageId = known?.Rollup.PageId ?? _entries.Count + 1;
            Put(SampleDocuments.Rollup(url, country, clicks, (known?.Rollup.Version ?? 0) + 1, pageId));
        }
    }

    /// <summary>Adds pages 1 to <paramref name="count"/>, each with as many clicks as its number.</summary>
    public void Fill(int count)
    {
        lock (_lock)
        {
            for (var page = 1; page <= count; page++)
            {
                Put(SampleDocuments.Rollup($"/shop/page-{page}", $"Country {page % 50}", page, 1, page));
            }
        }
    }

    /// <summary>One more click and a new version for every page that <paramref name="which"/> holds for.</summary>
    public void Click(Func<Rollup, bool> which)
    {
        lock (_lock)
        {
            foreach (var rollup in _entries.Values.Select(entry => entry.Rollup).Where(which).ToArray())
            {
                Put(rollup with { Clicks = rollup.Clicks + 1, Version = rollup.Version + 1 });
            }
        }
    }

    public Task<FoldResult> FoldAsync(int maxClicks, DateTime now, CancellationToken cancellationToken) =>
        Task.FromResult(new FoldResult(0, 0, false));

    public Task<IReadOnlyList<Rollup>> GetUnindexedAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Rollup>>([.. _unindexed.Take(limit).Select(page => _entries[page].Rollup)]);
        }
    }

    public Task MarkIndexedAsync(IReadOnlyList<IndexedMark> marks, CancellationToken cancellationToken)
    {
        Marking?.Invoke(marks);
        lock (_lock)
        {
            Marks.AddRange(marks);
            foreach (var mark in marks)
            {
                var entry = _entries[mark.PageId];
                if (mark.Error is null)
                {
                    entry.Rollup = entry.Rollup with { IndexedVersion = Math.Max(entry.Rollup.IndexedVersion, mark.Version) };
                    entry.RejectedVersion = entry.RejectedVersion > mark.Version ? entry.RejectedVersion : 0;
                }
                else
                {
                    (entry.RejectedVersion, entry.Error) = (mark.Version, mark.Error);
                }

                Note(entry);
            }
        }

        return Task.CompletedTask;
    }

    public Task<bool> UseIndexAsync(string indexIdentity, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_identity == indexIdentity)
            {
                return Task.FromResult(false);
            }

            _identity = indexIdentity;
            ChangeAll(rollup => rollup with { IndexedVersion = 0 });
            return Task.FromResult(true);
        }
    }

    public Task<IndexHistory> CompareHistoryAsync(IndexState? found, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var known = new KnownHistory(
                _epoch,
                found is not null && _states.TryGetValue(found.Sequence, out var state) ? state.Token : null,
                _states.Where(written => written.Value.IsConfirmed).Select(written => written.Key).DefaultIfEmpty().Max());
            var history = known.Compare(found);
            if (history == IndexHistory.StoreWentBack)
            {
                _epoch = known.NextEpoch(found!);
                ChangeAll(rollup => rollup with { Version = RollupVersion.Raise(rollup.Version, _epoch), IndexedVersion = 0 });
            }
            else if (history == IndexHistory.IndexWentBack)
            {
                ChangeAll(rollup => rollup with { IndexedVersion = 0 });
            }

            return Task.FromResult(history);
        }
    }

    public Task<string?> GetKeptIndexAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<IndexState> AdvanceHistoryAsync(long indexSequence, Guid token, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var sequence = Math.Max(_states.Keys.DefaultIfEmpty().Max(), indexSequence) + 1;
            _states[sequence] = (token, false);
            return Task.FromResult(new IndexState(sequence, token, _epoch));
        }
    }

    public Task ConfirmHistoryAsync(long sequence, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _states[sequence] = (_states[sequence].Token, true);
            return Task.CompletedTask;
        }
    }

    public Task RaiseVersionsAsync(IReadOnlyList<VersionRaise> raises, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var raise in raises.Where(raise => _entries[raise.PageId].Rollup.Version == raise.Version))
            {
                Put(_entries[raise.PageId].Rollup with { Version = Math.Max(raise.Version, raise.Above) + 1 });
            }

            return Task.CompletedTask;
        }
    }

    public Task UnmarkAsync(IReadOnlyList<RollupMark> marks, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var entry in marks.Select(mark => _entries[mark.PageId])
                .Where(entry => marks.Contains(new RollupMark(entry.Rollup.PageId, entry.Rollup.Version))))
            {
                entry.Rollup = entry.Rollup with { IndexedVersion = 0 };
                Note(entry);
            }

            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<Rollup>> ReadRollupsAsync(long afterPageId, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Rollup>>(
                [.. _entries.Where(entry => entry.Key > afterPageId).Take(limit).Select(entry => entry.Value.Rollup)]);
        }
    }

    public Task<IReadOnlyList<Rollup>> ReadRejectedAsync(long afterPageId, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Rollup>>(
            [
                .. _entries.Where(entry => entry.Key > afterPageId && entry.Value.RejectedVersion == entry.Value.Rollup.Version)
                    .Take(limit)
                    .Select(entry => entry.Value.Rollup),
            ]);
        }
    }

    public Task<IReadOnlyList<RejectedRollup>> GetRejectedAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<RejectedRollup>>(
            [
                .. _entries.Values.Where(entry => entry.RejectedVersion == entry.Rollup.Version).Take(limit)
                    .Select(entry => new RejectedRollup(
                        entry.Rollup.Url, entry.Rollup.Country, entry.RejectedVersion, entry.Error!)),
            ]);
        }
    }

    private void Put(Rollup rollup)
    {
        if (_entries.TryGetValue(rollup.PageId, out var entry))
        {
            entry.Rollup = rollup with { IndexedVersion = entry.Rollup.IndexedVersion };
        }
        else
        {
            _entries[rollup.PageId] = entry = new Entry { Rollup = rollup };
        }

        Note(entry);
    }

    private void ChangeAll(Func<Rollup, Rollup> change)
    {
        foreach (var entry in _entries.Values)
        {
            entry.Rollup = change(entry.Rollup);
            entry.RejectedVersion = 0;
            Note(entry);
        }
    }

    private void Note(Entry entry)
    {
        var rollup = entry.Rollup;
        if (rollup.IndexedVersion < rollup.Version && entry.RejectedVersion != rollup.Version)
        {
            _unindexed.Add(rollup.PageId);
        }
        else
        {
            _unindexed.Remove(rollup.PageId);
        }
    }

    private sealed class Entry
    {
        public required Rollup Rollup { get; set; }
        public long RejectedVersion { get; set; }
        public string? Error { get; set; }
    }
}
