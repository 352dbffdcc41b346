using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Sql;

/// <summary>Desired state in <c>desired_state</c>.</summary>
public sealed class SqlDesiredStateStore(StoreDatabase database) : IDesiredStateStore
{
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var rows = await session.QueryAsync<(string Name, string Value)>(SharedSql.SelectDesiredState, null, cancellationToken);
        return rows.ToDictionary(row => row.Name, row => row.Value);
    }

    public async Task WriteAsync(string name, string json, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginAsync(cancellationToken);
        await session.ExecuteAsync(SharedSql.UpsertDesiredState, new { Name = name, Json = json }, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }
}
