namespace ClickOrleans.Silo.Terminal;

/// <summary>Keeps the last log lines for a display that owns the screen.</summary>
internal sealed class LastLines : ILoggerProvider
{
    private const int Kept = 6;

    private readonly Queue<string> _lines = new();

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    private void Add(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }
        }
    }

    private sealed class Logger(LastLines lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var level = logLevel switch
            {
                >= LogLevel.Error => "error ",
                LogLevel.Warning => "warn  ",
                _ => "info  ",
            };
            lines.Add($"{level}{formatter(state, exception)}{(exception is null ? "" : $" ({exception.Message})")}");
        }
    }
}
