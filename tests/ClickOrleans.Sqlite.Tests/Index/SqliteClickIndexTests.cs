using ClickOrleans.Pipeline.Index;
using ClickOrleans.Sqlite.Index;
using ClickOrleans.Conformance.Index;

namespace ClickOrleans.Sqlite.Tests.Index;

public sealed class SqliteClickIndexTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clickorleans-index-").FullName;

    private string IndexPath => Path.Combine(_folder, "data", "index.db");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Documents_and_identity_survive_the_object()
    {
        string identity;
        await using (var index = new SqliteClickIndex(IndexPath))
        {
            identity = await index.OpenAsync(Token);
            await index.UpsertAsync([SampleDocuments.Of("/a", "DE")], Token);
        }

        await using var again = new SqliteClickIndex(IndexPath);

        Assert.Equal(identity, await again.OpenAsync(Token));
        Assert.Equal([SampleDocuments.Of("/a", "DE")], await again.SearchAsync("a de", 10, Token));
    }

    [Fact]
    public async Task A_file_deleted_while_open_is_made_again_with_another_identity()
    {
        await using var index = new SqliteClickIndex(IndexPath);
        var identity = await index.OpenAsync(Token);
        await index.UpsertAsync([SampleDocuments.Of("/a", "DE")], Token);
        File.Delete(IndexPath);

        var second = await index.OpenAsync(Token);

        Assert.NotEqual(identity, second);
        Assert.Equal(0, await index.CountAsync(Token));
        await index.UpsertAsync([SampleDocuments.Of("/b", "DE")], Token);
        Assert.Equal([SampleDocuments.Of("/b", "DE")], await index.SearchAsync("de", 10, Token));
    }

    [Fact]
    public async Task A_file_that_is_no_database_says_what_to_do()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(IndexPath)!);
        await File.WriteAllTextAsync(IndexPath, new string('x', 5000), Token);
        await using var index = new SqliteClickIndex(IndexPath);

        var exception = await Assert.ThrowsAsync<IndexSetupException>(() => index.OpenAsync(Token));

        Assert.Contains(IndexPath, exception.Message, StringComparison.Ordinal);
        Assert.Contains("Delete it", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_says_what_to_do()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "data"), "a file where the folder should be", Token);
        await using var index = new SqliteClickIndex(IndexPath);

        var exception = await Assert.ThrowsAsync<IndexSetupException>(() => index.OpenAsync(Token));

        Assert.Contains(IndexPath, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_upsert_leaves_nothing()
    {
        await using var index = new SqliteClickIndex(IndexPath);
        await index.OpenAsync(Token);
        using var cancel = new CancellationTokenSource();
        var documents = new CancellingList(
            [.. Enumerable.Range(0, 10).Select(i => SampleDocuments.Of($"/{i}", "DE"))], 5, cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => index.UpsertAsync(documents, cancel.Token));

        Assert.Equal(0, await index.CountAsync(Token));
        Assert.Empty(await index.SearchAsync("de", 10, Token));
    }

    /// <summary>Cancels when the document at <paramref name="at"/> is asked for.</summary>
    private sealed class CancellingList(IndexDocument[] documents, int at, CancellationTokenSource cancel)
        : IReadOnlyList<IndexDocument>
    {
        public int Count => documents.Length;

        public IndexDocument this[int index]
        {
            get
            {
                if (index == at)
                {
                    cancel.Cancel();
                }

                return documents[index];
            }
        }

        public IEnumerator<IndexDocument> GetEnumerator() => documents.AsEnumerable().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => documents.GetEnumerator();
    }
}
