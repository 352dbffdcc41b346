namespace ClickOrleans.Sql;

/// <summary>The statements about hours, whose arithmetic is each database's own.</summary>
/// <param name="SelectHours">The hours of a page or a country.</param>
/// <param name="CountVisitors">Different visitors of the site in ranges of hours.</param>
/// <param name="Audit">Compares the hours with a recount.</param>
/// <param name="AuditVisitors">Compares the site's visitors with a recount.</param>
public sealed record SeriesStatements(
    SqlStatement SelectHours, SqlStatement CountVisitors, SqlStatement Audit, SqlStatement AuditVisitors);

/// <summary>The hours of a day of UTC that lie in a range of hours.</summary>
/// <param name="Bucket">Which range.</param>
/// <param name="Mask">Bit n: the hour that begins at n o'clock.</param>
public sealed record DayPart(int Bucket, DateOnly Day, int Mask);
