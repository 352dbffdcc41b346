using System.Runtime.CompilerServices;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Pipeline.Tests.Indexing;

/// <summary>An index in memory whose answers a test decides, document by document.</summary>
internal sealed class ScriptedIndex : IClickIndex
{
    public Dictionary<string, IndexDocument> Documents { get; } = [];

    /// <summary>The batches that came, refused ones included.</summary>
    public List<IReadOnlyList<IndexDocument>> Batches { get; } = [];

    /// <summary>What <see cref="DeleteAsync"/> was asked to delete.</summary>
    public List<IndexDocument> Deleted { get; } = [];

    public IndexState? State { get; set; }

    /// <summary>The states in the order they were written.</summary>
    public List<IndexState> States { get; } = [];

    public string Identity { get; set; } = "first";

    public int Opened { get; private set; }

    /// <summary>Called at each opening; may throw.</summary>
    public Action? Opening { get; set; }

    /// <summary>Called before a batch is judged; may throw.</summary>
    public Action<IReadOnlyList<IndexDocument>>? Upserting { get; set; }

    /// <summary>Called when a batch is in the index and its answer is about to go out; may throw.</summary>
    public Action? Answering { get; set; }

    /// <summary>An answer other than what the versions say; null for that.</summary>
    public Func<IndexDocument, IndexAnswer?>? Answer { get; set; }

    public string Description => "scripted index";

    public Task<string> OpenAsync(CancellationToken cancellationToken)
    {
        Opened++;
        Opening?.Invoke();
        return Task.FromResult(Identity);
    }

    public Task<IReadOnlyList<IndexAnswer>> UpsertAsync(
        IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Batches.Add(documents);
        Upserting?.Invoke(documents);
        IReadOnlyList<IndexAnswer> answers = [.. documents.Select(Judge)];
        Answering?.Invoke();
        return Task.FromResult(answers);
    }

    public Task<IReadOnlyList<IndexDocument>> SearchAsync(string query, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<IndexDocument?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IndexDocument?>>([.. ids.Select(Documents.GetValueOrDefault)]);

    public Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult<long>(Documents.Count);

    public async IAsyncEnumerable<IndexDocument> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var document in Documents.Values)
        {
            yield return document;
        }
    }

    public Task DeleteAsync(IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken)
    {
        Deleted.AddRange(documents);
        foreach (var document in documents)
        {
            Documents.Remove(document.Id);
        }

        return Task.CompletedTask;
    }

    public Task<IndexState?> ReadStateAsync(CancellationToken cancellationToken) => Task.FromResult(State);

    public Task<bool> WriteStateAsync(IndexState state, CancellationToken cancellationToken)
    {
        State = state;
        States.Add(state);
        return Task.FromResult(true);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IndexAnswer Judge(IndexDocument document)
    {
        if (Answer?.Invoke(document) is { } answer)
        {
            return answer;
        }

        if (Documents.TryGetValue(document.Id, out var there) && there.Version >= document.Version)
        {
            return new IndexAnswer(IndexOutcome.VersionConflict);
        }

        Documents[document.Id] = document;
        return new IndexAnswer(IndexOutcome.Indexed);
    }
}
