using System.ComponentModel.DataAnnotations;

namespace ClickOrleans.Elasticsearch;

/// <summary>How the Elasticsearch index is used: the section <c>ClickOrleans:Elasticsearch</c>.</summary>
public sealed class ElasticsearchOptions
{
    public const string Section = "ClickOrleans:Elasticsearch";
    public const string DefaultIndex = "click_events";
    public const string DefaultCertificateAuthority = "certs/http_ca.crt";

    private const string NameRule = "1 to 200 lower case letters, digits, '_' and '-', beginning with a letter";

    /// <summary>The alias that is written and searched; indices behind it are named <c>{alias}-000001</c> and so on.</summary>
    /// <value>Default <c>click_events</c>; lower case letters, digits, <c>_</c> and <c>-</c>, beginning with a letter.</value>
    [RegularExpression("[a-z][a-z0-9_-]{0,199}", ErrorMessage = NameRule)]
    [Required]
    public string Index { get; set; } = DefaultIndex;

    /// <summary>The PEM file with the CA that the server's certificate must come from; relative to the current folder.</summary>
    /// <value>
    /// Default <c>certs/http_ca.crt</c>, which may be absent: then the machine's own CAs are trusted. A file named here must
    /// exist.
    /// </value>
    [Required]
    public string CertificateAuthority { get; set; } = DefaultCertificateAuthority;

    /// <summary>An API key, as Elasticsearch gives it in <c>encoded</c>. A secret.</summary>
    /// <value>
    /// Default <c>ELASTIC_API_KEY</c>, else <c>ELASTIC_USERNAME</c> and <c>ELASTIC_PASSWORD</c>, else no credentials.
    /// </value>
    public string? ApiKey { get; set; }

    /// <summary>The most documents in one bulk request.</summary>
    /// <value>Default 1,000; 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int BulkDocuments { get; set; } = 1000;

    /// <summary>The most bulk requests on their way at once: one is written or indexed while another is answered.</summary>
    /// <value>Default 2; 1 to 16.</value>
    [Range(1, 16)]
    public int ConcurrentBulks { get; set; } = 2;

    /// <summary>The most bytes in the body of one bulk request before compression.</summary>
    /// <value>Default 5 MiB; 64 KiB to 90 MiB (Elasticsearch's own bound, <c>http.max_content_length</c>, is 100 MB).</value>
    [Range(64 * 1024, 90 * 1024 * 1024)]
    public int BulkBytes { get; set; } = 5 * 1024 * 1024;

    /// <summary>Whether bulk requests are compressed with gzip.</summary>
    /// <value>Default true.</value>
    public bool Compress { get; set; } = true;

    /// <summary>How long one bulk request may take.</summary>
    /// <value>Default 60 s; 1 s to 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan BulkTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long any other request may take, its retries included.</summary>
    /// <value>Default 8 s; 1 s to 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(8);
}
