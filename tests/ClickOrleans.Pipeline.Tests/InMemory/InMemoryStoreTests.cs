using ClickOrleans.Conformance.Store;
using ClickOrleans.Testing.InMemory.Store;

namespace ClickOrleans.Pipeline.Tests.InMemory;

public sealed class InMemoryClickStoreTests : ClickStoreConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult<StoreUnderTest>(new InMemoryStoreUnderTest());
}

public sealed class InMemoryDivergedPartitionTests : DivergedPartitionConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult<StoreUnderTest>(new InMemoryStoreUnderTest());
}

public sealed class InMemoryStoreSchemaTests : StoreSchemaConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult<StoreUnderTest>(new InMemoryStoreUnderTest());
}

public sealed class InMemoryDeadLetterStoreTests : DeadLetterStoreConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult<StoreUnderTest>(new InMemoryStoreUnderTest());
}

public sealed class InMemorySeriesStoreTests : SeriesStoreConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult<StoreUnderTest>(new InMemoryStoreUnderTest());
}

public sealed class InMemoryRollupStoreTests : RollupStoreConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult<StoreUnderTest>(new InMemoryStoreUnderTest());
}

public sealed class InMemoryIndexHistoryTests : IndexHistoryConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult<StoreUnderTest>(new InMemoryStoreUnderTest());
}

public sealed class InMemoryStoreAuditTests : StoreAuditConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult<StoreUnderTest>(new InMemoryStoreUnderTest());
}

public sealed class InMemoryStoreModelTests : StoreModelConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult<StoreUnderTest>(new InMemoryStoreUnderTest());
}

public sealed class InMemoryStoreInsightTests : StoreInsightConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult<StoreUnderTest>(new InMemoryStoreUnderTest());
}

public sealed class InMemoryDesiredStateStoreTests : DesiredStateStoreConformance
{
    protected override Task<StoreUnderTest> CreateAsync() => Task.FromResult<StoreUnderTest>(new InMemoryStoreUnderTest());
}
