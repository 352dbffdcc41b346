using ClickOrleans.Conformance.Store;

namespace ClickOrleans.Postgres.Tests;

public sealed class PostgresClickStoreTests(PostgresServer server) : ClickStoreConformance
{
    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
}

public sealed class PostgresDivergedPartitionTests(PostgresServer server) : DivergedPartitionConformance
{
    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
}

public sealed class PostgresDesiredStateStoreTests(PostgresServer server) : DesiredStateStoreConformance
{
    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
}

public sealed class PostgresStoreSchemaTests(PostgresServer server) : StoreSchemaConformance
{
    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
}

public sealed class PostgresDeadLetterStoreTests(PostgresServer server) : DeadLetterStoreConformance
{
    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
}

public sealed class PostgresRollupStoreTests(PostgresServer server) : RollupStoreConformance
{
    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
}

public sealed class PostgresIndexHistoryTests(PostgresServer server) : IndexHistoryConformance
{
    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
}

public sealed class PostgresStoreAuditTests(PostgresServer server) : StoreAuditConformance
{
    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
}

public sealed class PostgresStoreModelTests(PostgresServer server) : StoreModelConformance
{
    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
}

public sealed class PostgresSeriesStoreTests(PostgresServer server) : SeriesStoreConformance
{
    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
}

public sealed class PostgresStoreInsightTests(PostgresServer server) : StoreInsightConformance
{
    protected override async Task<StoreUnderTest> CreateAsync() =>
        PostgresStoreUnderTest.Open(await server.CreateDatabaseAsync());
}
