using System.Buffers;
using System.Text;
using System.Text.Json;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Elasticsearch.Documents;

/// <summary>The bodies of search requests. Keywords sort by their UTF-8 bytes, which is code point order.</summary>
internal static class SearchBody
{
    /// <summary>The documents with all of the words, most clicks first, then by url and country.</summary>
    public static string ByWords(IReadOnlyList<string> words, int limit) => Write(limit, json =>
    {
        if (words.Count > 0)
        {
            json.WriteStartObject("query");
            json.WriteStartObject("bool");
            json.WriteStartArray("filter");
            foreach (var word in words)
            {
                json.WriteStartObject();
                json.WriteStartObject("term");
                json.WriteString("words", word);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteStartArray("sort");
        json.WriteStartObject();
        json.WriteString("clicks", "desc");
        json.WriteEndObject();
        json.WriteStringValue("url");
        json.WriteStringValue("country");
        json.WriteEndArray();
    });

    /// <summary>The documents behind <paramref name="last"/> by url and country.</summary>
    public static string ByPage(IndexDocument? last, int limit) => Write(limit, json =>
    {
        json.WriteStartArray("sort");
        json.WriteStringValue("url");
        json.WriteStringValue("country");
        json.WriteEndArray();
        if (last is not null)
        {
            json.WriteStartArray("search_after");
            json.WriteStringValue(last.Url);
            json.WriteStringValue(last.Country);
            json.WriteEndArray();
        }
    });

    private static string Write(int limit, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("size", limit);
            json.WriteBoolean("version", true);
            json.WriteBoolean("track_total_hits", false);
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
