using System.Runtime.CompilerServices;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Testing.InMemory.Index;

/// <summary>An index in memory: documents by id with their versions and words.</summary>
public sealed class InMemoryClickIndex : IClickIndex
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IndexEntry> _entries = [];
    private string? _identity;
    private IndexState? _state;

    public string Description => "in-memory index";

    public string DatabaseSystem => "memory";

    public IReadOnlyList<string> Complaints { get; set; } = [];

    /// <summary>Thrown by every call while it is set: an outage.</summary>
    public Exception? Outage { get; set; }

    /// <summary>An answer other than what the versions say; null for that. A document answered here is not stored.</summary>
    public Func<IndexDocument, IndexAnswer?>? Answer { get; set; }

    public Task<string> OpenAsync(CancellationToken cancellationToken) =>
        CallAsync(() => _identity ??= Guid.NewGuid().ToString(), cancellationToken);

    public Task<IReadOnlyList<IndexAnswer>> UpsertAsync(
        IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<IndexAnswer>>(() => [.. documents.Select(Upsert)], cancellationToken);

    public Task<IReadOnlyList<IndexDocument>> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 10_000);
        var words = SearchWords.Distinct(query);
        return CallAsync<IReadOnlyList<IndexDocument>>(
            () =>
            [
                .. _entries.Values.Where(entry => words.All(entry.Words.Contains))
                    .OrderByDescending(entry => entry.Document.Clicks).ThenBy(entry => entry, IndexEntry.ByPage)
                    .Take(limit)
                    .Select(entry => entry.Document),
            ],
            cancellationToken);
    }

    public Task<IReadOnlyList<IndexDocument?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<IndexDocument?>>(
            () => [.. ids.Select(id => _entries.GetValueOrDefault(id)?.Document)], cancellationToken);

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        CallAsync(() => (long)_entries.Count, cancellationToken);

    public async IAsyncEnumerable<IndexDocument> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var entry in await CallAsync(() => _entries.Values.Order(IndexEntry.ByPage).ToList(), cancellationToken))
        {
            yield return entry.Document;
        }
    }

    public Task DeleteAsync(IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken) => CallAsync(
        () => documents.Count(document => _entries.TryGetValue(document.Id, out var there)
            && there.Document.Version <= document.Version
            && _entries.Remove(document.Id)),
        cancellationToken);

    public Task<IndexState?> ReadStateAsync(CancellationToken cancellationToken) => CallAsync(() => _state, cancellationToken);

    public Task<bool> WriteStateAsync(IndexState state, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            var isLater = _state is null || _state.Sequence < state.Sequence;
            _state = isLater ? state : _state;
            return isLater;
        },
        cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A backup, as of now.</summary>
    public object Backup()
    {
        lock (_gate)
        {
            return new Saved(_identity, _state, new Dictionary<string, IndexEntry>(_entries));
        }
    }

    /// <summary>Goes back to the time of a backup.</summary>
    public void Restore(object backup)
    {
        lock (_gate)
        {
            var saved = (Saved)backup;
            (_identity, _state) = (saved.Identity, saved.State);
            _entries.Clear();
            foreach (var entry in saved.Entries)
            {
                _entries.Add(entry.Key, entry.Value);
            }
        }
    }

    /// <summary>Deletes the index; the next that opens it makes another one, empty.</summary>
    public void Delete()
    {
        lock (_gate)
        {
            (_identity, _state) = (null, null);
            _entries.Clear();
        }
    }

    /// <summary>Puts a document there whatever its version, as a person with a tool of the server can.</summary>
    public void Overwrite(IndexDocument document)
    {
        lock (_gate)
        {
            _entries[document.Id] = new IndexEntry(document);
        }
    }

    /// <summary>Removes a document, as a person with a tool of the server can.</summary>
    public bool Remove(string id)
    {
        lock (_gate)
        {
            return _entries.Remove(id);
        }
    }

    private IndexAnswer Upsert(IndexDocument document)
    {
        if (_identity is null)
        {
            throw new InvalidOperationException("There is no index; it has not been opened.");
        }

        if (Answer?.Invoke(document) is { } answer)
        {
            return answer;
        }

        if (_entries.TryGetValue(document.Id, out var there) && there.Document.Version >= document.Version)
        {
            return new IndexAnswer(IndexOutcome.VersionConflict);
        }

        _entries[document.Id] = new IndexEntry(document);
        return new IndexAnswer(IndexOutcome.Indexed);
    }

    private Task<T> CallAsync<T>(Func<T> call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            lock (_gate)
            {
                return Task.FromResult(Outage is { } outage ? throw outage : call());
            }
        }
        catch (Exception exception)
        {
            return Task.FromException<T>(exception);
        }
    }

    private sealed record Saved(string? Identity, IndexState? State, Dictionary<string, IndexEntry> Entries);
}
