using System.Globalization;

namespace ClickOrleans.Silo.Exporting;

/// <summary>A column of an exported table: its name, and where its value comes from.</summary>
internal abstract record ExportColumn<TRow>(string Name)
{
    /// <summary>The value as it is written to a CSV file.</summary>
    public abstract string Text(TRow row);
}

internal sealed record TextColumn<TRow>(string Name, Func<TRow, string?> Value) : ExportColumn<TRow>(Name)
{
    public override string Text(TRow row) => Value(row) ?? "";
}

internal sealed record NumberColumn<TRow>(string Name, Func<TRow, long?> Value) : ExportColumn<TRow>(Name)
{
    public override string Text(TRow row) => Value(row)?.ToString(CultureInfo.InvariantCulture) ?? "";
}

internal sealed record TimeColumn<TRow>(string Name, Func<TRow, DateTime> Value) : ExportColumn<TRow>(Name)
{
    /// <summary>UTC, with as many digits as the store keeps.</summary>
    public override string Text(TRow row) =>
        Value(row).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
