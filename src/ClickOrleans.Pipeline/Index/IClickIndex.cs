namespace ClickOrleans.Pipeline.Index;

/// <summary>The click index: idempotent versioned upsert by deterministic id, and search. Safe for use by many threads.</summary>
public interface IClickIndex : IAsyncDisposable
{
    /// <summary>What it is and where, without secrets, for the line at start.</summary>
    string Description { get; }

    /// <summary>What kind of index it is, as <c>db.system.name</c> names it.</summary>
    string DatabaseSystem => "other";

    /// <summary>
    /// What was not as it should be when the index was last opened, although it works: a mapping that differs, field by field.
    /// </summary>
    IReadOnlyList<string> Complaints => [];

    /// <summary>Makes the index if it is missing and returns its identity: an index deleted and made again has another.</summary>
    /// <exception cref="IndexSetupException">A person has to act; the message says what on.</exception>
    Task<string> OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Upserts the documents, each judged on its own; the answers come in the order of the documents. An older version is
    /// never put over a newer one.
    /// </summary>
    /// <remarks>Any exception is an outage: nothing is known of any of the documents, send them again later.</remarks>
    Task<IReadOnlyList<IndexAnswer>> UpsertAsync(IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken);

    /// <summary>
    /// The documents with every word of <paramref name="query"/> in their url or country (<see cref="SearchWords"/>: whole
    /// words, upper and lower case alike; one may be in the url, the next in the country), most clicks first, then by url and
    /// country in code point order. No words = all.
    /// </summary>
    /// <param name="limit">At most so many, 1 to 10,000.</param>
    Task<IReadOnlyList<IndexDocument>> SearchAsync(string query, int limit, CancellationToken cancellationToken);

    /// <summary>The documents with these ids, in this order; null where there is none. Sees every acknowledged upsert.</summary>
    Task<IReadOnlyList<IndexDocument?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>The number of documents, every acknowledged upsert included.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// All documents, each once, in order of url and country by code point, for audits. Sees every acknowledged upsert; of
    /// those that come meanwhile it may see some.
    /// </summary>
    IAsyncEnumerable<IndexDocument> ScanAsync(CancellationToken cancellationToken);

    /// <summary>Deletes documents, each unless the index has a later version of it by now. What is not there is
    /// deleted.</summary>
    Task DeleteAsync(IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken);

    /// <summary>The state beside the documents; null where there is none, or none that can be read.</summary>
    Task<IndexState?> ReadStateAsync(CancellationToken cancellationToken);

    /// <summary>Writes the state beside the documents. It survives whatever the documents survive.</summary>
    /// <returns>False if a state with as high a sequence is there already.</returns>
    Task<bool> WriteStateAsync(IndexState state, CancellationToken cancellationToken);
}

/// <summary>What became of one document.</summary>
public enum IndexOutcome
{
    /// <summary>It is in the index.</summary>
    Indexed,

    /// <summary>
    /// A version at least as high is there already, or was there and is remembered although deleted. It need not be the same
    /// document.
    /// </summary>
    VersionConflict,

    /// <summary>The index is pushing back or failing (429, 5xx): send it again later.</summary>
    Retryable,

    /// <summary>The index refuses this document as it is (400): only a changed one, or a changed index, may take it.</summary>
    Rejected,
}

/// <param name="Reason">The index's words where it did not take the document.</param>
public readonly record struct IndexAnswer(IndexOutcome Outcome, string? Reason = null);

/// <summary>The index cannot be used until a person acts: wrong password, unknown CA, missing privilege, ...</summary>
public sealed class IndexSetupException(string message, Exception? inner = null) : Exception(message, inner);
