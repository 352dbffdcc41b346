namespace ClickOrleans.Sql;

/// <summary>The statements that both databases share: <c>sql/*.sql</c>.</summary>
public static class SharedSql
{
    private static readonly SqlFolder Folder = new(typeof(SharedSql).Assembly, "sql");

    public static SqlStatement AdvanceConsumerOffset { get; } = Folder.Statement();
    public static SqlStatement AuditClicks { get; } = Folder.Statement();
    public static SqlStatement AuditDeadLetters { get; } = Folder.Statement();
    public static SqlStatement AuditFoldedSums { get; } = Folder.Statement();
    public static SqlStatement AuditGaps { get; } = Folder.Statement();
    public static SqlStatement AuditPartitions { get; } = Folder.Statement();
    public static SqlStatement AuditRollups { get; } = Folder.Statement();
    public static SqlStatement AuditUnexpectedOffsets { get; } = Folder.Statement();
    public static SqlStatement ConfirmIndexSequence { get; } = Folder.Statement();
    public static SqlStatement CountDeadLetters { get; } = Folder.Statement();
    public static SqlStatement DeleteDeadLetter { get; } = Folder.Statement();
    public static SqlStatement DeleteOldIndexSequences { get; } = Folder.Statement();
    public static SqlStatement DiscardDeadLetter { get; } = Folder.Statement();
    public static SqlStatement EstablishSnapshot { get; } = Folder.Statement();
    public static SqlStatement InsertIntoAdoptedPartitions { get; } = Folder.Statement();
    public static SqlStatement InsertIntoClickLogs { get; } = Folder.Statement();
    public static SqlStatement InsertIntoClickstreamData { get; } = Folder.Statement();
    public static SqlStatement InsertIntoConsumerOffsets { get; } = Folder.Statement();
    public static SqlStatement InsertIntoDeadLetterRetries { get; } = Folder.Statement();
    public static SqlStatement InsertIntoDivergedRanges { get; } = Folder.Statement();
    public static SqlStatement InsertIntoIndexSequences { get; } = Folder.Statement();
    public static SqlStatement InsertIntoLostRanges { get; } = Folder.Statement();
    public static SqlStatement InsertIntoRetriedClicks { get; } = Folder.Statement();
    public static SqlStatement RaiseRollupVersion { get; } = Folder.Statement();
    public static SqlStatement RaiseVersionsToEpoch { get; } = Folder.Statement();
    public static SqlStatement RecountRollup { get; } = Folder.Statement();
    public static SqlStatement ResetIndexedVersions { get; } = Folder.Statement();
    public static SqlStatement ResumePartition { get; } = Folder.Statement();
    public static SqlStatement SelectAdoptedLogId { get; } = Folder.Statement();
    public static SqlStatement SelectBalance { get; } = Folder.Statement();
    public static SqlStatement SelectDeadLetter { get; } = Folder.Statement();
    public static SqlStatement SelectDeadLetters { get; } = Folder.Statement();
    public static SqlStatement SelectDesiredState { get; } = Folder.Statement();
    public static SqlStatement SelectDivergedRanges { get; } = Folder.Statement();
    public static SqlStatement SelectIndexHistory { get; } = Folder.Statement();
    public static SqlStatement SelectLastRowAhead { get; } = Folder.Statement();
    public static SqlStatement SelectLatestClicks { get; } = Folder.Statement();
    public static SqlStatement SelectLogId { get; } = Folder.Statement();
    public static SqlStatement SelectPartitionProgress { get; } = Folder.Statement();
    public static SqlStatement SelectReadRanges { get; } = Folder.Statement();
    public static SqlStatement SelectRejectedRollups { get; } = Folder.Statement();
    public static SqlStatement SelectRejectedRollupsAfterPage { get; } = Folder.Statement();
    public static SqlStatement SelectRollups { get; } = Folder.Statement();
    public static SqlStatement SelectStoredPosition { get; } = Folder.Statement();
    public static SqlStatement SelectTopCountries { get; } = Folder.Statement();
    public static SqlStatement SelectTopPages { get; } = Folder.Statement();
    public static SqlStatement SelectTopic { get; } = Folder.Statement();
    public static SqlStatement SelectTotals { get; } = Folder.Statement();
    public static SqlStatement SelectUnfoldedTraces { get; } = Folder.Statement();
    public static SqlStatement SelectUnindexedRollups { get; } = Folder.Statement();
    public static SqlStatement StopPartition { get; } = Folder.Statement();
    public static SqlStatement UnmarkRollup { get; } = Folder.Statement();
    public static SqlStatement UpdateDeadLetterCounters { get; } = Folder.Statement();
    public static SqlStatement UpdateEpoch { get; } = Folder.Statement();
    public static SqlStatement UpdateIndexIdentity { get; } = Folder.Statement();
    public static SqlStatement UpdateLastRecord { get; } = Folder.Statement();
    public static SqlStatement UpsertDesiredState { get; } = Folder.Statement();
}
