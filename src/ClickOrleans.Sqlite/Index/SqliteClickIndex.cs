using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Sql;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Index;

/// <summary>
/// The click index in a SQLite file: a table of documents and an FTS5 table of their words, written in one transaction.
/// </summary>
/// <remarks>A document's words never change: its id is derived from url and country.</remarks>
public sealed class SqliteClickIndex : IClickIndex
{
    private const int ScanPage = 1000;

    private readonly SqliteIndexFile _file;

    static SqliteClickIndex() => RowMapping.Register();

    /// <param name="path">The database file; it is created, with its folder, if it does not exist.</param>
    public SqliteClickIndex(string path) => _file = new SqliteIndexFile(path);

    public string Description => $"SQLite FTS5 index in {_file.Path}";

    public string DatabaseSystem => "sqlite";

    public Task<string> OpenAsync(CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                connection.Execute(SqliteIndexSql.CreateTables.Text);
                connection.Execute(SqliteIndexSql.InsertIntoClickIndex.Text, new { Identity = Guid.NewGuid().ToString() });
                return connection.QuerySingle<string>("select identity from click_index");
            },
            cancellationToken);

    public async Task<IReadOnlyList<IndexAnswer>> UpsertAsync(
        IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken) =>
        await _file.WriteAsync(
            connection =>
            {
                using var transaction = connection.BeginTransaction();
                var answers = new IndexAnswer[documents.Count];
                for (var i = 0; i < answers.Length; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    answers[i] = new IndexAnswer(Upsert(connection, transaction, documents[i]));
                }

                transaction.Commit();
                return answers;
            },
            cancellationToken);

    public Task<IReadOnlyList<IndexDocument>> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 10_000);
        var words = SearchWords.Distinct(query);
        return words switch
        {
            [] => ReadAsync(SqliteIndexSql.SelectClickEventsByClicks, new { Limit = limit }, cancellationToken),
            { Count: > SearchWords.MostInDocument } => Task.FromResult<IReadOnlyList<IndexDocument>>([]),
            _ => ReadAsync(
                SqliteIndexSql.SelectClickEventsByWords,
                new { Query = string.Join(' ', words.Select(word => $"\"{word}\"")), Limit = limit },
                cancellationToken),
        };
    }

    public async Task<IReadOnlyList<IndexDocument?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var parameters = new { Ids = JsonSerializer.Serialize(ids) };
        var found = await ReadAsync(SqliteIndexSql.SelectClickEventsByIds, parameters, cancellationToken);
        var byId = found.ToDictionary(document => document.Id);
        return [.. ids.Select(byId.GetValueOrDefault)];
    }

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        _file.ReadAsync(connection => connection.QuerySingle<long>("select count(*) from click_events"), cancellationToken);

    public async IAsyncEnumerable<IndexDocument> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (url, country) = ("", "");
        while (true)
        {
            var parameters = new { Url = url, Country = country, Limit = ScanPage };
            var page = await ReadAsync(SqliteIndexSql.SelectClickEventsAfterPage, parameters, cancellationToken);
            foreach (var document in page)
            {
                yield return document;
            }

            if (page.Count < ScanPage)
            {
                yield break;
            }

            (url, country) = (page[^1].Url, page[^1].Country);
        }
    }

    public Task DeleteAsync(IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken) => _file.WriteAsync(
        connection =>
        {
            using var transaction = connection.BeginTransaction();
            foreach (var document in documents)
            {
                var parameters = new { document.Id, document.Version };
                var row = connection.QuerySingleOrDefault<long?>(SqliteIndexSql.DeleteClickEvent.Text, parameters, transaction);
                if (row is not null)
                {
                    connection.Execute("delete from click_events_words where rowid = @Row", new { Row = row }, transaction);
                }
            }

            transaction.Commit();
            return true;
        },
        cancellationToken);

    public Task<IndexState?> ReadStateAsync(CancellationToken cancellationToken) => _file.ReadAsync(
        connection =>
        {
            var row = connection.QuerySingleOrDefault<StateRow>("select sequence, token, epoch from click_index_state");
            return Guid.TryParse(row?.Token, out var token) ? new IndexState(row.Sequence, token, row.Epoch) : null;
        },
        cancellationToken);

    public Task<bool> WriteStateAsync(IndexState state, CancellationToken cancellationToken) => _file.WriteAsync(
        connection =>
        {
            var parameters = new { state.Sequence, Token = state.Token.ToString(), state.Epoch };
            return connection.Execute(SqliteIndexSql.UpsertClickIndexState.Text, parameters) > 0;
        },
        cancellationToken);

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IndexOutcome Upsert(SqliteConnection connection, SqliteTransaction transaction, IndexDocument document)
    {
        var parameters = Parameters(document);
        if (connection.Execute(SqliteIndexSql.UpdateClickEvents.Text, parameters, transaction) > 0)
        {
            return IndexOutcome.Indexed;
        }

        var rowId = connection.QuerySingleOrDefault<long?>(
            SqliteIndexSql.InsertIntoClickEvents.Text, parameters, transaction);
        if (rowId is null)
        {
            return IndexOutcome.VersionConflict;
        }

        var words = string.Join(' ', SearchWords.Of($"{document.Url} {document.Country}"));
        connection.Execute(
            SqliteIndexSql.InsertIntoClickEventsWords.Text, new { RowId = rowId, Words = words }, transaction);
        return IndexOutcome.Indexed;
    }

    private static object Parameters(IndexDocument document) => new
    {
        document.Id,
        document.Version,
        document.Url,
        document.Country,
        document.Clicks,
        document.UniqueUsers,
        document.AverageTime,
        document.AverageTimeSeconds,
        FirstClick = Text(document.FirstClick),
        LastClick = Text(document.LastClick),
        UpdatedAt = Text(document.UpdatedAt),
    };

    // ISO 8601 with all digits that a DateTime has.
    private static string Text(DateTime utc) => utc.ToString("O", CultureInfo.InvariantCulture);

    private Task<IReadOnlyList<IndexDocument>> ReadAsync(
        SqlStatement statement, object parameters, CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<IndexDocument>>(
            connection => connection.Query<IndexDocument>(statement.Text, parameters).AsList(), cancellationToken);

    private sealed class StateRow
    {
        public long Sequence { get; init; }
        public string Token { get; init; } = "";
        public long Epoch { get; init; }
    }
}
