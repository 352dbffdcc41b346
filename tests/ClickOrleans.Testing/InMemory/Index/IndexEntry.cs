using System.Text;
using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Testing.InMemory.Index;

/// <summary>A document with its words.</summary>
internal sealed class IndexEntry(IndexDocument document)
{
    /// <summary>By url, then country, by code point, which is the order of UTF-8 bytes.</summary>
    public static readonly IComparer<IndexEntry> ByPage = Comparer<IndexEntry>.Create((one, other) =>
    {
        var byUrl = one._url.AsSpan().SequenceCompareTo(other._url);
        return byUrl != 0 ? byUrl : one._country.AsSpan().SequenceCompareTo(other._country);
    });

    private readonly byte[] _url = Encoding.UTF8.GetBytes(document.Url);
    private readonly byte[] _country = Encoding.UTF8.GetBytes(document.Country);

    public IndexDocument Document => document;

    public HashSet<string> Words { get; } = [.. SearchWords.Of($"{document.Url} {document.Country}")];
}
