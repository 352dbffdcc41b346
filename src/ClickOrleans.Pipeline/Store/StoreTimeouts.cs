using System.Data.Common;

namespace ClickOrleans.Pipeline.Store;

/// <summary>Tells a call that took longer than it may from other outages: with less to do it may succeed.</summary>
internal static class StoreTimeouts
{
    /// <summary>PostgreSQL's query_canceled, which statement_timeout gives: Appendix A of its manual.</summary>
    private const string QueryCanceled = "57014";

    public static bool IsTimeout(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is TimeoutException or DbException { SqlState: QueryCanceled })
            {
                return true;
            }
        }

        return false;
    }
}
