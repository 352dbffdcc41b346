using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Silo.Tests.Status;

/// <summary>Keeps the ids of what is logged.</summary>
internal sealed class EventCollector<T> : ILogger<T>
{
    private readonly ConcurrentQueue<int> _ids = new();

    public int Count(int id) => _ids.Count(logged => logged == id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _ids.Enqueue(eventId.Id);
}
