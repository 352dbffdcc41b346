using System.Globalization;
using System.Net;
using System.Text.Json;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Elasticsearch.Documents;
using ClickOrleans.Pipeline.Index;
using Elastic.Clients.Elasticsearch.IndexManagement;

namespace ClickOrleans.Elasticsearch.Indices;

/// <summary>The indices <c>{alias}-000001</c>, <c>{alias}-000002</c>, ... of which one is behind the alias.</summary>
internal sealed class AliasedIndices(ElasticsearchConnection connection, string alias)
{
    private const int Attempts = 5;

    public string Alias { get; } = alias;

    /// <summary>The index behind the alias, or of its very name; null if there is none.</summary>
    /// <exception cref="IndexSetupException">There are several, or it is closed.</exception>
    public async Task<FoundIndex?> FindAsync(CancellationToken cancellationToken)
    {
        var found = await ReadAsync(Alias, cancellationToken);
        return found switch
        {
            [] => null,
            [{ IsClosed: true } closed] => throw new IndexSetupException(
                $"{connection.Address}: the index {closed.Name} is closed: open it (POST {closed.Name}/_open)."),
            [var one] => one,
            _ => throw new IndexSetupException(
                $"{connection.Address}: behind the alias {Alias} there are {found.Count} indices "
                + $"({string.Join(", ", found.Select(index => index.Name))}): leave one, a search would find documents twice."),
        };
    }

    /// <summary>All indices with a name of the alias and a number, behind it or not.</summary>
    public async Task<IReadOnlyList<FoundIndex>> ListAsync(CancellationToken cancellationToken)
    {
        var found = await ReadAsync($"{Alias}-*", cancellationToken);
        return [.. found.Where(index => NumberOf(index) is not null)];
    }

    /// <summary>
    /// The alias to write through: for an index of the very name one of its own, so that a bulk can always require an alias.
    /// </summary>
    public string WriteAliasOf(FoundIndex index) => index.Name == Alias ? $"{Alias}-write" : Alias;

    /// <summary>
    /// The index behind the alias, made if there is none. Several that do so at once end with the same one: they all try the
    /// same name, the one behind those of a single look at which none was behind the alias.
    /// </summary>
    public async Task<FoundIndex> FindOrCreateAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(cancellationToken) is { } found)
            {
                await AddWriteAliasAsync(found, cancellationToken);
                return found;
            }

            var listed = await ListAsync(cancellationToken);
            if (listed.Any(index => index.Aliases.Contains(Alias)) && attempt < Attempts)
            {
                // Somebody else has made it since: the number behind it would be a second one.
                continue;
            }

            try
            {
                await CreateAsync(NameBehind(listed), MappingFile.CreationBody(Alias), cancellationToken);
            }
            catch (ElasticsearchException exception) when (exception.Status == HttpStatusCode.BadRequest && attempt < Attempts)
            {
                // Somebody else has just made it, or one with the alias's very name; if not, the last attempt says what is wrong.
            }
        }
    }

    public async Task CreateAsync(string name, string body, CancellationToken cancellationToken) =>
        await connection.WriteJsonAsync(
            new Operation("indices.create", name), name, body, ElasticsearchJson.Default.JsonElement, cancellationToken);

    public async Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        await connection.WriteAsync(
            new Operation("indices.delete", name),
            (client, token) => client.Indices.DeleteAsync(new DeleteIndexRequest(name), token),
            cancellationToken);

    /// <summary>Changes aliases, and removes indices, in one request, which is applied as a whole or not at all.</summary>
    public async Task UpdateAliasesAsync(IReadOnlyList<IndexUpdateAliasesAction> actions, CancellationToken cancellationToken) =>
        await connection.WriteAsync(
            new Operation("indices.update_aliases", Alias),
            (client, token) => client.Indices.UpdateAliasesAsync(new UpdateAliasesRequest { Actions = [.. actions] }, token),
            cancellationToken);

    /// <returns>Shards that failed.</returns>
    public async Task<int> RefreshAsync(string name, CancellationToken cancellationToken)
    {
        var response = await connection.ReadAsync(
            new Operation("indices.refresh", name),
            (client, token) => client.Indices.RefreshAsync(new RefreshRequest(name), token),
            cancellationToken);
        return response.Shards?.Failed ?? 0;
    }

    /// <summary>The name with the number behind the highest in use.</summary>
    public async Task<string> NextNameAsync(CancellationToken cancellationToken) =>
        NameBehind(await ListAsync(cancellationToken));

    private async Task AddWriteAliasAsync(FoundIndex found, CancellationToken cancellationToken)
    {
        var writeAlias = WriteAliasOf(found);
        if (!found.Aliases.Contains(writeAlias))
        {
            await UpdateAliasesAsync([new AddAction { Index = found.Name, Alias = writeAlias }], cancellationToken);
        }
    }

    private string NameBehind(IEnumerable<FoundIndex> listed) =>
        $"{Alias}-{listed.Select(index => NumberOf(index)!.Value).DefaultIfEmpty(0).Max() + 1:000000}";

    private int? NumberOf(FoundIndex index) =>
        index.Name.Length == Alias.Length + 7
        && int.TryParse(index.Name.AsSpan(Alias.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private async Task<IReadOnlyList<FoundIndex>> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await connection.ReadJsonAsync(
                new Operation("indices.get", name), name, ElasticsearchJson.Default.JsonElement, cancellationToken);
            return [.. answer.EnumerateObject().Select(FoundIndex.Read)];
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException)
        {
            // A member is missing, or another kind of JSON.
            throw ClientFailure.NotElasticsearch(connection.Address, exception);
        }
        catch (ElasticsearchException exception)
            when (exception is { Status: HttpStatusCode.NotFound, Type: "index_not_found_exception" })
        {
            return [];
        }
    }
}
