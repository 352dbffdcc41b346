using System.Diagnostics;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Telemetry;
using Microsoft.Data.Sqlite;

namespace ClickOrleans.Sqlite.Log;

/// <summary>The spans that a partition's messages were appended in. Used by one caller at a time.</summary>
internal sealed class SqliteOrigins : IDisposable
{
    private readonly SqliteStatement _traces;
    private readonly int _from;
    private readonly Queue<(long First, ActivityContext Origin)> _next = new();

    public SqliteOrigins(SqliteConnection connection, int partition)
    {
        _traces = new(connection, SqliteLogSql.SelectMessageTraces.Text);
        _from = _traces.Parameter("@offset");
        _traces.Bind(_traces.Parameter("@partition"), partition);
        _traces.Bind(_traces.Parameter("@limit"), TraceOrigins.Most);
    }

    /// <summary>Reads those of the messages from an offset on, as far as the visitor can want to know.</summary>
    public void Read(IMessageVisitor visitor, long offset)
    {
        _next.Clear();
        if (!visitor.WantsOrigins)
        {
            return;
        }

        _traces.Bind(_from, offset);
        try
        {
            while (_traces.Step())
            {
                if (TraceContext.TryRead(_traces.Blob(1), _traces.Blob(2), out var origin))
                {
                    _next.Enqueue((_traces.Number(0), origin));
                }
            }
        }
        finally
        {
            _traces.Reset();
        }
    }

    /// <summary>Tells the visitor of those that begin at or before the offset.</summary>
    public void Tell(IMessageVisitor visitor, long offset)
    {
        while (_next.TryPeek(out var next) && next.First <= offset)
        {
            visitor.TakeOrigin(_next.Dequeue().Origin);
        }
    }

    public void Dispose() => _traces.Dispose();
}
