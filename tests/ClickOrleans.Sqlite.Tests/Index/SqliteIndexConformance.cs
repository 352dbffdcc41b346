using ClickOrleans.Pipeline.Index;
using ClickOrleans.Sqlite.Index;
using ClickOrleans.Conformance.Index;

namespace ClickOrleans.Sqlite.Tests.Index;

public sealed class SqliteIndexConformance : IndexConformance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clickorleans-index-").FullName;

    protected override Task<IClickIndex> CreateAsync() =>
        Task.FromResult<IClickIndex>(new SqliteClickIndex(Path.Combine(_folder, "index.db")));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
