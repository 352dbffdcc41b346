using ClickOrleans.Conformance.Store;

namespace ClickOrleans.Sqlite.Tests.Store;

public sealed class SqliteClickStoreTests : ClickStoreConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult(SqliteStoreUnderTest.Create());
}

public sealed class SqliteDivergedPartitionTests : DivergedPartitionConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult(SqliteStoreUnderTest.Create());
}

public sealed class SqliteDesiredStateStoreTests : DesiredStateStoreConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult(SqliteStoreUnderTest.Create());
}

public sealed class SqliteStoreSchemaTests : StoreSchemaConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult(SqliteStoreUnderTest.Create());
}

public sealed class SqliteDeadLetterStoreTests : DeadLetterStoreConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult(SqliteStoreUnderTest.Create());
}

public sealed class SqliteRollupStoreTests : RollupStoreConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult(SqliteStoreUnderTest.Create());
}

public sealed class SqliteIndexHistoryTests : IndexHistoryConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult(SqliteStoreUnderTest.Create());
}

public sealed class SqliteStoreAuditTests : StoreAuditConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult(SqliteStoreUnderTest.Create());
}

public sealed class SqliteStoreModelTests : StoreModelConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult(SqliteStoreUnderTest.Create());
}

public sealed class SqliteSeriesStoreTests : SeriesStoreConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult(SqliteStoreUnderTest.Create());
}

public sealed class SqliteStoreInsightTests : StoreInsightConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult(SqliteStoreUnderTest.Create());
}
