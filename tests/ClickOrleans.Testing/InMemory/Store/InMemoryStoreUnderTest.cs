using System.Diagnostics.CodeAnalysis;
using ClickOrleans.Conformance.Store;

namespace ClickOrleans.Testing.InMemory.Store;

/// <summary>The in-memory store as the conformance suites take it.</summary>
public sealed class InMemoryStoreUnderTest : StoreUnderTest
{
    private readonly InMemoryStore _store;

    [SetsRequiredMembers]
    public InMemoryStoreUnderTest()
        : this(new InMemoryDatabase())
    {
    }

    [SetsRequiredMembers]
    private InMemoryStoreUnderTest(InMemoryDatabase database)
    {
        _store = new InMemoryStore(database, TimeProvider.System)
        {
            BeforeStatement = name =>
            {
                if (FailBefore?.Invoke(name) == true)
                {
                    throw new IOException($"Connection broken before {name}.");
                }
            },
        };
        Schema = _store.Schema;
        Clicks = _store.Clicks;
        Rollups = _store.Rollups;
        DeadLetters = _store.DeadLetters;
        DesiredState = _store.DesiredState;
        Audit = _store.Audit;
        Insight = _store.Insight;
        Series = _store.Series;
    }

    public override bool IsOutage(Exception exception) => exception is IOException;

    public override StoreUnderTest OpenAnother() => new InMemoryStoreUnderTest(_store.Database);

    public override Task ExecuteAsync(string sql)
    {
        _store.Database.Write(state => (InMemoryDamage.Apply(state, sql), true));
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
