using System.Globalization;
using System.Net;
using System.Text.Json;
using ClickOrleans.Elasticsearch.Connection;
using ClickOrleans.Elasticsearch.Documents;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Elasticsearch.Indices;

/// <summary>
/// The index <c>{alias}_state</c> with its one document. Its own, never behind the alias: a search finds clicks only, and the
/// state outlives a rebuild.
/// </summary>
internal sealed class StateIndex(ElasticsearchConnection connection, AliasedIndices indices)
{
    private const string DocumentId = "state";

    /// <summary>Nothing of ours comes near it: what is above was written by hand and leaves no room for the next.</summary>
    private const long HighestSequence = 1L << 62;

    private static readonly string CreationBody = MappingFile.Read("click_events_state.json");

    private bool _exists;

    private string Name => $"{indices.Alias}_state";

    /// <returns>Null where there is none, or none that can be used: that is deleted.</returns>
    public async Task<IndexState?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await connection.ReadJsonAsync(
                new Operation("get", Name),
                $"{Name}/_doc/{DocumentId}",
                ElasticsearchJson.Default.JsonElement,
                cancellationToken);
            _exists = true;
            if (Read(answer) is { } state)
            {
                return state;
            }

            await indices.DeleteAsync(Name, cancellationToken);
            _exists = false;
        }
        catch (ElasticsearchException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            _exists = exception.Type != "index_not_found_exception";
        }

        return null;
    }

    /// <returns>False if a state with as high a sequence is there, or was deleted a moment ago.</returns>
    public async Task<bool> WriteAsync(IndexState state, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        var version = state.Sequence.ToString(CultureInfo.InvariantCulture);
        try
        {
            await connection.WriteJsonAsync(
                new Operation("index", Name),
                $"{Name}/_doc/{DocumentId}?version={version}&version_type=external",
                JsonSerializer.Serialize(
                    new StateDocument(state.Sequence, state.Token, state.Epoch), ElasticsearchJson.Default.StateDocument),
                ElasticsearchJson.Default.JsonElement,
                cancellationToken);
            return true;
        }
        catch (ElasticsearchException exception) when (exception.Status == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    private async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!_exists)
        {
            try
            {
                await indices.CreateAsync(Name, CreationBody, cancellationToken);
            }
            catch (ElasticsearchException exception) when (exception.Type == "resource_already_exists_exception")
            {
                // Another silo has just made it.
            }

            _exists = true;
        }
    }

    /// <summary>The document's version is the sequence, unless it was written by hand: a higher one must be surpassed.</summary>
    private static IndexState? Read(JsonElement answer)
    {
        try
        {
            var document = answer.GetProperty("_source").Deserialize(ElasticsearchJson.Default.StateDocument)!;
            var sequence = Math.Max(document.Sequence, answer.GetProperty("_version").GetInt64());
            return sequence is >= 0 and <= HighestSequence ? new IndexState(sequence, document.Token, document.Epoch) : null;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
