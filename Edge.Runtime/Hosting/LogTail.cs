using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting;

/// <summary>The last log lines, for a screen that log lines in between would tear.</summary>
public sealed class LogTail(int linesMax, LogLevel least, TimeProvider clock) : ILoggerProvider
{
    private readonly LogLevel _least = least;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
        // It holds memory only.
    }

    private void Add(LogLevel level, string text)
    {
        lock (_gate)
        {
            _lines.Enqueue($"{clock.GetLocalNow():HH:mm:ss} {(level >= LogLevel.Warning ? level.ToString().ToLowerInvariant() + ": " : "")}{text.ReplaceLineEndings(" ")}");
            while (_lines.Count > linesMax)
            {
                _lines.Dequeue();
            }
        }
    }

    private sealed class Logger(LogTail tail) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= tail._least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                tail.Add(logLevel, formatter(state, exception));
            }
        }
    }
}
