using ClickOrleans.Pipeline.Store;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>The promises of <see cref="IStoreSchema"/>.</summary>
public abstract class StoreSchemaConformance : StoreConformance
{
    [Fact]
    public async Task Applied_again_it_changes_nothing()
    {
        await CommitAsync(Batch(0, 5));

        await Store.Schema.ApplyAsync(Cancellation);

        Assert.Equal(5, (await RecordsAsync()).Count);
    }

    [Fact]
    public async Task Many_may_apply_it_to_an_empty_database_at_once()
    {
        await using var store = await CreateAsync();
        var silos = Enumerable.Range(0, 4).Select(_ => store.OpenAnother()).ToList();

        await Task.WhenAll(silos.Select(silo => Task.Run(() => silo.Schema.ApplyAsync(Cancellation))));

        foreach (var silo in silos)
        {
            Assert.Equal(0, (await silo.Clicks.GetTotalsAsync(Cancellation)).Stored);
            await silo.DisposeAsync();
        }
    }
}
