using System.Collections.Immutable;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>
/// Everything that the store holds at one time. Immutable: a transaction makes another state, a snapshot keeps the one that it
/// was opened on.
/// </summary>
internal sealed record StoreState
{
    /// <summary>The logs in the order of their registration; the first has number 1.</summary>
    public ImmutableList<LogIdentity> Logs { get; init; } = [];

    /// <summary>Partitions whose log went back and that are read under another number since, in order.</summary>
    public ImmutableList<AdoptedPartition> Adopted { get; init; } = [];

    public ImmutableSortedDictionary<PartitionKey, PartitionRows> Partitions { get; init; } =
        ImmutableSortedDictionary.Create<PartitionKey, PartitionRows>(PartitionKey.ByLogAndPartition);

    /// <summary>By page id.</summary>
    public ImmutableSortedDictionary<long, RollupRow> Rollups { get; init; } = ImmutableSortedDictionary<long, RollupRow>.Empty;

    public ImmutableDictionary<(string Url, string Country), long> PageIds { get; init; } =
        ImmutableDictionary<(string Url, string Country), long>.Empty;

    /// <summary>The users seen on each page, by page id.</summary>
    public ImmutableDictionary<long, ImmutableHashSet<string>> Visitors { get; init; } =
        ImmutableDictionary<long, ImmutableHashSet<string>>.Empty;

    /// <summary>Clicks by page and hour; page 0 is the site.</summary>
    public ImmutableSortedDictionary<(long PageId, DateTime Hour), long> Series { get; init; } =
        ImmutableSortedDictionary<(long PageId, DateTime Hour), long>.Empty;

    /// <summary>The hours of the site's visitors.</summary>
    public ImmutableSortedSet<(DateTime Hour, string User)> SiteVisits { get; init; } = [];

    /// <summary>The folded clicks were folded without the series, which the next fold fills.</summary>
    public bool IsSeriesBehind { get; init; }

    public string? IndexIdentity { get; init; }

    /// <summary>The index that held documents when this store was new.</summary>
    public string? KeptIndex { get; init; }

    public long Epoch { get; init; }

    /// <summary>The states written to the index, by sequence.</summary>
    public ImmutableSortedDictionary<long, WrittenState> IndexStates { get; init; } =
        ImmutableSortedDictionary<long, WrittenState>.Empty;

    public ImmutableDictionary<string, string> DesiredState { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The key under which a partition of a log is read now.</summary>
    public PartitionKey Current(short logId, int partition) =>
        Adopted.LastOrDefault(adopted => adopted.LogId == logId && adopted.Partition == partition) is { } last
            ? new(last.AdoptedLogId, partition)
            : new(logId, partition);

    public PartitionRows Find(PartitionKey key) => Partitions.GetValueOrDefault(key) ?? PartitionRows.Empty;

    public StoreState With(PartitionKey key, PartitionRows rows) => this with { Partitions = Partitions.SetItem(key, rows) };

    public StoreState With(RollupRow row) => this with { Rollups = Rollups.SetItem(row.PageId, row) };
}

internal sealed record AdoptedPartition(short LogId, int Partition, short ReplacedLogId, short AdoptedLogId, long Start);

internal sealed record WrittenState(Guid Token, bool IsConfirmed);
