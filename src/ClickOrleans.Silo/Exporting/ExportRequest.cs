using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Series;

namespace ClickOrleans.Silo.Exporting;

/// <summary>What is exported, in which format, of which event times.</summary>
/// <param name="To">Exclusive.</param>
internal sealed record ExportRequest(string What, string Format, DateTime From, DateTime To)
{
    public const string Clicks = "clicks";
    public const string Rollups = "rollups";
    public const string Series = "series";
    public const string Csv = "csv";
    public const string Parquet = "parquet";

    /// <param name="prefix">Before the names in messages: <c>--</c> for a command.</param>
    /// <returns>Null where there are errors; all of them are told.</returns>
    public static ExportRequest? Read(
        (string? What, string? Format, string? From, string? To) given,
        IReadOnlyList<string> tables,
        IReadOnlyList<string> formats,
        string prefix,
        ICollection<ValidationError> errors)
    {
        var what = Choose(prefix + "what", given.What, null, tables, errors);
        var format = Choose(prefix + "format", given.Format, Csv, formats, errors);
        var from = Time(prefix + "from", given.From, RangeTime.First, errors);
        var to = Time(prefix + "to", given.To, RangeTime.Last, errors);
        if (from is not null && to is not null)
        {
            RangeTime.AreInOrder(from.Value, to.Value, prefix, errors);
        }

        return errors.Count == 0 ? new ExportRequest(what!, format!, from!.Value, to!.Value) : null;
    }

    private static string? Choose(
        string field, string? given, string? initial, IReadOnlyList<string> allowed, ICollection<ValidationError> errors)
    {
        var chosen = string.IsNullOrEmpty(given) ? initial : given;
        if (chosen is null || !allowed.Contains(chosen))
        {
            errors.Add(ValidationError.NotAllowed(field, chosen, string.Join(", ", allowed)));
            return null;
        }

        return chosen;
    }

    private static DateTime? Time(string field, string? given, DateTime initial, ICollection<ValidationError> errors) =>
        string.IsNullOrEmpty(given) ? initial : RangeTime.Read(field, given, errors);
}
