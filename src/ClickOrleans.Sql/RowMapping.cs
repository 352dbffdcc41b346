using System.Data;
using Dapper;

namespace ClickOrleans.Sql;

/// <summary>
/// How rows map onto the pipeline's types: <c>page_id</c> is <c>PageId</c>, and a time is a <see cref="DateTime"/> in UTC in
/// either database's form (<see cref="StoredTime"/>). Dapper keeps these settings for the whole process.
/// </summary>
public static class RowMapping
{
    private static readonly Lazy<bool> Registered = new(() =>
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UtcTime());
        return true;
    });

    /// <summary>To be called before the first statement; further calls have no effect.</summary>
    public static void Register() => _ = Registered.Value;

    private sealed class UtcTime : SqlMapper.TypeHandler<DateTime>
    {
        public override DateTime Parse(object value) => value switch
        {
            DateTime { Kind: DateTimeKind.Utc } time => time,
            string text => StoredTime.Parse(text),
            _ => throw new FormatException($"'{value}' is not a time in UTC."),
        };

        public override void SetValue(IDbDataParameter parameter, DateTime value) => throw new NotSupportedException(
            $"{parameter.ParameterName}: pass a time in the database's own form (StoreDatabase.Time).");
    }
}
