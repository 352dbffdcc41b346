using System.Runtime.CompilerServices;
using System.Text.Json;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Sql;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Index;

/// <summary>The click index in a SQLite file: a table of documents and an FTS5 table of their words, written together.</summary>
/// <remarks>
/// A document's words never change: url and country are what its id is derived from. SQLite works on the thread that calls
/// it, so everything runs on the thread pool and holds up no caller's turn.
/// </remarks>
public sealed class SqliteClickIndex : IClickIndex
{
    private const int ScanPage = 1000;

    private readonly SqliteFile _file;
    private readonly SqlStatements _sql = new("sqlite");

    /// <param name="path">The database file; it is made when it is missing, and its folder with it.</param>
    public SqliteClickIndex(string path) => _file = new SqliteFile(path);

    public string Description => $"SQLite FTS5 index in {_file.Path}";

    public string DatabaseSystem => "sqlite";

    public Task<string> OpenAsync(CancellationToken cancellationToken) =>
        WriteAsync(
            connection =>
            {
                connection.Execute(_sql["create_table_click_events"]);
                connection.Execute(_sql["insert_into_click_index"], new { identity = Guid.NewGuid().ToString() });
                return connection.QuerySingle<string>("select identity from click_index");
            },
            cancellationToken);

    public async Task<IReadOnlyList<IndexAnswer>> UpsertAsync(
        IReadOnlyList<IndexDocument> documents, CancellationToken cancellationToken) =>
        await WriteAsync(
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
            [] => ReadAsync("select_click_events_by_clicks", new { limit }, cancellationToken),
            { Count: > SearchWords.MostInDocument } => Task.FromResult<IReadOnlyList<IndexDocument>>([]),
            _ => ReadAsync(
                "select_click_events_by_words",
                new { query = string.Join(' ', words.Select(word => $"\"{word}\"")), limit },
                cancellationToken),
        };
    }

    public async Task<IReadOnlyList<IndexDocument?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var parameters = new { ids = JsonSerializer.Serialize(ids) };
        var found = await ReadAsync("select_click_events_by_ids", parameters, cancellationToken);
        var byId = found.ToDictionary(document => document.Id);
        return [.. ids.Select(byId.GetValueOrDefault)];
    }

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        RunAsync(connection => connection.QuerySingle<long>("select count(*) from click_events"), cancellationToken);

    public async IAsyncEnumerable<IndexDocument> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (url, country) = ("", "");
        while (true)
        {
            var page = await ReadAsync("select_click_events_by_page", new { url, country, limit = ScanPage }, cancellationToken);
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

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private IndexOutcome Upsert(SqliteConnection connection, SqliteTransaction transaction, IndexDocument document)
    {
        var row = ClickEventRow.From(document);
        if (connection.Execute(_sql["update_click_events"], row, transaction) > 0)
        {
            return IndexOutcome.Indexed;
        }

        var rowId = connection.QuerySingleOrDefault<long?>(_sql["insert_into_click_events"], row, transaction);
        if (rowId is null)
        {
            return IndexOutcome.VersionConflict;
        }

        var words = string.Join(' ', SearchWords.Of($"{document.Url} {document.Country}"));
        connection.Execute(_sql["insert_into_click_events_words"], new { rowId, words }, transaction);
        return IndexOutcome.Indexed;
    }

    private Task<IReadOnlyList<IndexDocument>> ReadAsync(string statement, object parameters, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<IndexDocument>>(
            connection => [.. connection.Query<ClickEventRow>(_sql[statement], parameters).Select(row => row.ToDocument())],
            cancellationToken);

    private Task<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                using var connection = Open();
                return work(connection);
            },
            cancellationToken);

    private async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken)
    {
        await _file.WriteLock.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(write, cancellationToken);
        }
        finally
        {
            _file.WriteLock.Release();
        }
    }

    private SqliteConnection Open()
    {
        try
        {
            if (!File.Exists(_file.Path))
            {
                // Pooled connections would go on writing to a deleted file.
                using var stale = new SqliteConnection(_file.ConnectionString);
                SqliteConnection.ClearPool(stale);
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_file.Path))!);
            }

            return _file.Open();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException { SqliteErrorCode: CannotOpen or ReadOnly })
        {
            throw new IndexSetupException(
                $"The index file {_file.Path} cannot be opened for writing: {exception.Message} Check the data folder's permissions.",
                exception);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is NotADatabase or Corrupt)
        {
            throw new IndexSetupException(
                $"The index file {_file.Path} is damaged: {exception.Message} Delete it; it is filled again from the rollups.", exception);
        }
    }

    // https://sqlite.org/rescode.html
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
}
