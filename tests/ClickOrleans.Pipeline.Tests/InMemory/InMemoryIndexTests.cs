using ClickOrleans.Conformance.Index;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Testing.InMemory.Index;

namespace ClickOrleans.Pipeline.Tests.InMemory;

/// <summary>The in-memory index keeps the promises of a click index.</summary>
public sealed class InMemoryIndexTests : IndexConformance
{
    protected override Task<IClickIndex> CreateAsync() => Task.FromResult<IClickIndex>(new InMemoryClickIndex());

    [Fact]
    public async Task A_deleted_index_takes_nothing_until_it_is_opened_and_is_another_one_then()
    {
        var token = TestContext.Current.CancellationToken;
        var index = (InMemoryClickIndex)Index;
        var first = await index.OpenAsync(token);
        await IndexAsync(SampleDocuments.Of("/a", "DE"));

        index.Delete();

        await Assert.ThrowsAsync<InvalidOperationException>(() => index.UpsertAsync([SampleDocuments.Of("/a", "DE")], token));
        Assert.NotEqual(first, await index.OpenAsync(token));
        Assert.Equal(0, await index.CountAsync(token));
    }
}
