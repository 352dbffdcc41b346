using ClickOrleans.Pipeline.Store;
using Xunit;

namespace ClickOrleans.Conformance.Store;

/// <summary>The promises of <see cref="IDesiredStateStore"/>.</summary>
public abstract class DesiredStateStoreConformance : StoreConformance
{
    [Fact]
    public async Task Nothing_stored_reads_as_nothing()
    {
        Assert.Empty(await Store.DesiredState.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task The_last_text_written_under_a_name_counts_and_survives_a_restart()
    {
        await Store.DesiredState.WriteAsync("producers", """{"count":1}""", Cancellation);
        await Store.DesiredState.WriteAsync("consumers", """{"count":2}""", Cancellation);
        await Store.DesiredState.WriteAsync("producers", """{"count":3}""", Cancellation);

        await using var again = Store.OpenAnother();
        var state = await again.DesiredState.ReadAsync(Cancellation);

        Assert.Equal(["consumers", "producers"], state.Keys.Order());
        Assert.Equal("""{"count":3}""", state["producers"]);
    }
}
