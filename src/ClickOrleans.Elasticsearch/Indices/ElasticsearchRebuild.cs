using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Elasticsearch.Documents;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;
using Elastic.Clients.Elasticsearch.IndexManagement;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Elasticsearch.Indices;

/// <summary>
/// Builds a new index with the file's mapping from the rollups and swaps it for the one behind the alias, which stays
/// searchable and written to all the time.
/// </summary>
/// <remarks>
/// Killed at any moment it leaves the old index serving, or the new one; the next rebuild removes what is left over. Indexing
/// sees the new index's identity at its next run and sends every rollup once more, which is how nothing that was folded
/// during the last moments before the swap is missed.
/// </remarks>
public sealed partial class ElasticsearchRebuild
{
    private const string Mark = "rebuild";
    private const int Page = 1000;
    private const int MostPasses = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly AliasedIndices _indices;
    private readonly BulkWriter _bulk;
    private readonly IRollupStore _rollups;
    private readonly TimeProvider _time;
    private readonly ILogger<ElasticsearchRebuild> _logger;
    private string? _rejection;

    internal ElasticsearchRebuild(
        ElasticsearchConnection connection,
        ElasticsearchOptions options,
        IRollupStore rollups,
        TimeProvider time,
        ILogger<ElasticsearchRebuild> logger)
    {
        _indices = new AliasedIndices(connection, options.Index);
        _bulk = new BulkWriter(connection, options);
        _rollups = rollups;
        _time = time;
        _logger = logger;
    }

    /// <summary>The alias through which the new index is written until the swap, which removes it.</summary>
    private string BuildAlias => $"{_indices.Alias}-{Mark}";

    /// <summary>Rebuilds the index.</summary>
    /// <param name="progress">Told the number of documents written so far.</param>
    /// <exception cref="IndexSetupException">A person has to act, or another rebuild is at work.</exception>
    /// <remarks>Any other exception: the old index still serves; try again.</remarks>
    public async Task<RebuildResult> RunAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return await BuildAsync(progress, cancellationToken);
        }
        catch (Exception exception) when (IsAnothers(exception))
        {
            throw new IndexSetupException(
                $"Another rebuild of {_indices.Alias} is at work or has just ended; this one gave way: {exception.Message}",
                exception);
        }
    }

    /// <summary>Our index is gone, or one of its name is there: nobody but another rebuild does that.</summary>
    private static bool IsAnothers(Exception exception) =>
        exception is IndexGoneException
            or ElasticsearchException { Type: "resource_already_exists_exception" or "index_not_found_exception" };

    private async Task<RebuildResult> BuildAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var old = await _indices.FindOrCreateAsync(cancellationToken);
        await RemoveLeftoversAsync(cancellationToken);
        var name = await _indices.NextNameAsync(cancellationToken);
        await _indices.CreateAsync(name, MappingFile.CreationBody(BuildAlias, Mark), cancellationToken);
        LogBuilding(name, old.Name);
        var sent = new Dictionary<long, long>();
        var (documents, rejected) = (0L, 0L);
        for (var pass = 1; pass <= MostPasses; pass++)
        {
            var changed = 0;
            await foreach (var page in ReadChangedAsync(sent, cancellationToken))
            {
                rejected += await WriteAsync(page, cancellationToken);
                changed += page.Count;
                documents += page.Count;
                progress?.Report(documents);
            }

            if (changed == 0)
            {
                break;
            }
        }

        if (rejected > 0 && rejected == documents)
        {
            throw new IndexSetupException($"{name} refuses every document: {_rejection}. {old.Name} goes on serving.");
        }

        await SwapAsync(old.Name, name, cancellationToken);
        LogSwapped(name, old.Name, sent.Count, rejected);
        return new RebuildResult(old.Name, name, sent.Count, rejected);
    }

    /// <summary>Rollups whose version is not the one sent, page by page, and notes them as sent.</summary>
    private async IAsyncEnumerable<IReadOnlyList<Rollup>> ReadChangedAsync(
        Dictionary<long, long> sent, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = long.MinValue;
        while (true)
        {
            var page = await _rollups.ReadRollupsAsync(after, Page, cancellationToken);
            if (page.Count == 0)
            {
                yield break;
            }

            after = page[^1].PageId;
            var changed = page.Where(rollup => sent.GetValueOrDefault(rollup.PageId, -1) != rollup.Version).ToArray();
            if (changed.Length > 0)
            {
                yield return changed;
                foreach (var rollup in changed)
                {
                    sent[rollup.PageId] = rollup.Version;
                }
            }
        }
    }

    /// <returns>How many were refused.</returns>
    private async Task<int> WriteAsync(IReadOnlyList<Rollup> rollups, CancellationToken cancellationToken)
    {
        IReadOnlyList<IndexDocument> documents = [.. rollups.Select(IndexDocument.From)];
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), Random.Shared);
        var started = _time.GetTimestamp();
        var rejected = 0;
        while (true)
        {
            string? reason;
            try
            {
                var answers = await _bulk.WriteAsync(BuildAlias, documents, cancellationToken);
                rejected += answers.Count(answer => answer.Outcome == IndexOutcome.Rejected);
                _rejection ??= answers.FirstOrDefault(answer => answer.Outcome == IndexOutcome.Rejected).Reason;
                reason = answers.FirstOrDefault(answer => answer.Outcome == IndexOutcome.Retryable).Reason;
                documents = [.. documents.Where((_, i) => answers[i].Outcome == IndexOutcome.Retryable)];
                if (documents.Count == 0)
                {
                    return rejected;
                }
            }
            catch (Exception exception)
                when (exception is HttpRequestException or IOException or TimeoutException or ElasticsearchException)
            {
                reason = exception.Message;
            }

            if (_time.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"The new index was not filled: {reason}");
            }

            await Task.Delay(backoff.Next(), _time, cancellationToken);
        }
    }

    // One request, applied as a whole: there is no moment without an index behind the alias, or with two.
    private async Task SwapAsync(string old, string name, CancellationToken cancellationToken)
    {
        await _indices.RefreshAsync(name, cancellationToken);
        await _indices.UpdateAliasesAsync(
            [
                new RemoveIndexAction { Index = old },
                new AddAction { Index = name, Alias = _indices.Alias },
                new RemoveAction { Index = name, Alias = BuildAlias },
            ],
            cancellationToken);
    }

    private async Task RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        foreach (var index in await _indices.ListAsync(cancellationToken))
        {
            if (MappingFile.IsMarked(index.Mappings, Mark) && !index.Aliases.Contains(_indices.Alias))
            {
                LogLeftover(index.Name);
                await _indices.DeleteAsync(index.Name, cancellationToken);
            }
        }
    }

    [LoggerMessage(3011, LogLevel.Information, "Rebuilding: filling {Index}, {Old} serves meanwhile")]
    private partial void LogBuilding(string index, string old);

    [LoggerMessage(3012, LogLevel.Information,
        "Rebuilt: {Index} serves in place of {Old}, with {Documents} documents, {Rejected} refused")]
    private partial void LogSwapped(string index, string old, int documents, long rejected);

    [LoggerMessage(3013, LogLevel.Warning, "Removing {Index}, left over from a rebuild that was cut short")]
    private partial void LogLeftover(string index);
}

/// <param name="Old">The index that was removed.</param>
/// <param name="New">The index that is behind the alias now.</param>
/// <param name="Documents">Rollups sent to it.</param>
/// <param name="Rejected">Those of them that it refused.</param>
public sealed record RebuildResult(string Old, string New, long Documents, long Rejected);
