using System.Diagnostics;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Sqlite.Log;

/// <summary>
/// Appends of this process: whoever gets the write lock writes what all others who wait for it have brought, in one
/// transaction, so that many small appends share one flush to disk.
/// </summary>
internal sealed class SqliteLogAppender(SqliteFile file, TimeProvider time, ArrivalSignal signal) : IDisposable
{
    private readonly Lock _gate = new();
    private List<PendingAppend> _waiting = [];
    private SqliteLogWriter? _writer;

    /// <param name="span">The span of this append, if there is one.</param>
    public async Task AppendAsync(IReadOnlyList<LogMessage> messages, Activity? span, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (messages.Count == 0)
        {
            return;
        }

        var own = new PendingAppend(messages, span);
        lock (_gate)
        {
            _waiting.Add(own);
        }

        try
        {
            await file.WriteLock.WaitAsync(cancellationToken);
            try
            {
                if (!own.Done.IsCompleted)
                {
                    // Not on the caller's thread: a flush to disk takes milliseconds, and the caller may be a grain's turn.
                    await Task.Run(() => WriteWaiting(cancellationToken), CancellationToken.None);
                }
            }
            finally
            {
                file.WriteLock.Release();
            }
        }
        catch (Exception exception) when (Withdraw(own))
        {
            if (exception is OperationCanceledException)
            {
                throw;
            }

            throw new LogAppendException(messages.Count, messages.Count, exception.Message, exception);
        }
        catch (OperationCanceledException)
        {
            // Too late: it is being written right now, and the caller wants to know how that ends.
        }

        await own.Done;
    }

    public void Dispose() => _writer?.Dispose();

    private void WriteWaiting(CancellationToken cancellationToken)
    {
        _writer ??= new(file, time);
        while (!_writer.TryBegin())
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        var appends = TakeWaiting();
        try
        {
            _writer.Insert(appends);
            _writer.Commit();
        }
        catch (Exception exception)
        {
            Discard();
            appends.ForEach(append => append.Fail(exception));
            return;
        }

        signal.Raise();
        appends.ForEach(append => append.Succeed());
        Tidy();
    }

    private void Discard()
    {
        try
        {
            _writer!.Rollback();
        }
        catch (Exception)
        {
            // Closing the connection rolls back too; what is to be told is the first error.
        }

        _writer!.Dispose();
        _writer = null;
    }

    private void Tidy()
    {
        try
        {
            _writer!.Tidy();
        }
        catch (Exception)
        {
            // The messages are in the log; the write-ahead log is tidied after another append.
        }
    }

    private List<PendingAppend> TakeWaiting()
    {
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = [];
            return taken;
        }
    }

    private bool Withdraw(PendingAppend own)
    {
        lock (_gate)
        {
            return _waiting.Remove(own);
        }
    }
}
