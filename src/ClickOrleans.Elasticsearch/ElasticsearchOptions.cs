namespace ClickOrleans.Elasticsearch;

/// <summary>How the Elasticsearch index is used: the section <c>ClickOrleans:Elasticsearch</c>.</summary>
public sealed class ElasticsearchOptions
{
    public const string Section = "ClickOrleans:Elasticsearch";
    public const string DefaultIndex = "click_events";
    public const string DefaultCertificateAuthority = "certs/http_ca.crt";

    /// <summary>The alias that is written and searched; indices behind it are named <c>{alias}-000001</c> and so on.</summary>
    /// <value><c>click_events</c>. Lower case letters, digits, <c>_</c> and <c>-</c>, beginning with a letter.</value>
    public string Index { get; set; } = DefaultIndex;

    /// <summary>The PEM file with the CA that the server's certificate must come from; relative to the current folder.</summary>
    /// <value>
    /// <c>certs/http_ca.crt</c>, which may be absent: then the machine's own CAs are trusted. A file named here must exist.
    /// </value>
    public string CertificateAuthority { get; set; } = DefaultCertificateAuthority;

    /// <summary>An API key, as Elasticsearch gives it in <c>encoded</c>. A secret.</summary>
    /// <value>None: <c>ELASTIC_API_KEY</c>, else <c>ELASTIC_USERNAME</c> and <c>ELASTIC_PASSWORD</c>, else no credentials.</value>
    public string? ApiKey { get; set; }

    /// <summary>The most documents in one bulk request.</summary>
    /// <value>1,000; from 1 to 100,000.</value>
    public int BulkDocuments { get; set; } = 1000;

    /// <summary>The most bulk requests on their way at once: one is written or indexed while another is answered.</summary>
    /// <value>2; from 1 to 16.</value>
    public int ConcurrentBulks { get; set; } = 2;

    /// <summary>The most bytes in the body of one bulk request before compression.</summary>
    /// <value>5 MiB; from 64 KiB to 90 MiB (Elasticsearch's own bound, <c>http.max_content_length</c>, is 100 MB).</value>
    public int BulkBytes { get; set; } = 5 * 1024 * 1024;

    /// <summary>Whether bulk requests are compressed with gzip.</summary>
    /// <value>True.</value>
    public bool Compress { get; set; } = true;

    /// <summary>How long one bulk request may take.</summary>
    /// <value>60 s; from 1 s to 10 minutes.</value>
    public TimeSpan BulkTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long any other request may take, its retries included.</summary>
    /// <value>8 s; from 1 s to 10 minutes.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(8);
}
