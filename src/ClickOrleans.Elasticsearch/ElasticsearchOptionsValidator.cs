using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Elasticsearch;

/// <summary>Names every fault at once, each with its key, value and allowed range.</summary>
public sealed partial class ElasticsearchOptionsValidator : IValidateOptions<ElasticsearchOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, ElasticsearchOptions options)
    {
        var faults = new List<string>();
        if (options.Index is null || !IndexName().IsMatch(options.Index))
        {
            Add(nameof(options.Index), options.Index, "must be lower case letters, digits, _ and -, at most 200, beginning with a letter");
        }

        if (string.IsNullOrWhiteSpace(options.CertificateAuthority))
        {
            Add(nameof(options.CertificateAuthority), options.CertificateAuthority, "must name a file");
        }

        AddUnless(options.BulkDocuments is >= 1 and <= 100_000, nameof(options.BulkDocuments), options.BulkDocuments, "1 to 100000");
        AddUnless(options.ConcurrentBulks is >= 1 and <= 16, nameof(options.ConcurrentBulks), options.ConcurrentBulks, "1 to 16");
        AddUnless(
            options.BulkBytes is >= 64 * 1024 and <= 90 * 1024 * 1024, nameof(options.BulkBytes), options.BulkBytes, "65536 to 94371840");
        AddUnless(IsTimeout(options.BulkTimeout), nameof(options.BulkTimeout), options.BulkTimeout, "00:00:01 to 00:10:00");
        AddUnless(IsTimeout(options.RequestTimeout), nameof(options.RequestTimeout), options.RequestTimeout, "00:00:01 to 00:10:00");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Add(string key, object? value, string rule) =>
            faults.Add($"{ElasticsearchOptions.Section}:{key} is '{value}'; it {rule}.");

        void AddUnless(bool valid, string key, object value, string range)
        {
            if (!valid)
            {
                Add(key, value, $"must be from {range}");
            }
        }
    }

    private static bool IsTimeout(TimeSpan value) => value >= TimeSpan.FromSeconds(1) && value <= Longest;

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,199}$", RegexOptions.NonBacktracking)]
    private static partial Regex IndexName();
}
