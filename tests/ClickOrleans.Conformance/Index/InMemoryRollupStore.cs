using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Conformance.Index;

/// <summary>The rollup store as the indexer needs it, kept in memory: what was marked is what a real store would hold.</summary>
public sealed class InMemoryRollupStore : IRollupStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, Entry> _entries = [];
    private readonly SortedSet<long> _unindexed = [];
    private string? _identity;

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
            foreach (var entry in _entries.Values)
            {
                entry.Rollup = entry.Rollup with { IndexedVersion = 0 };
                entry.RejectedVersion = 0;
                Note(entry);
            }

            return Task.FromResult(true);
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
