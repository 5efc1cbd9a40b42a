using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting.Journal;

/// <summary>
/// Log records to the journal with a field for each of their values: <c>journalctl -u edge EDGE_ID=7</c>, <c>-o verbose</c>.
/// </summary>
/// <param name="socket">Taken over.</param>
internal sealed class JournalLog(JournalSocket socket) : ILoggerProvider
{
    private const string Identifier = "edge";
    private const string Template = "{OriginalFormat}";

    private int _lost;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => socket.Dispose();

    // syslog(3): 2 critical, 3 error, 4 warning, 6 informational, 7 debug.
    private static string PriorityOf(LogLevel level) => level switch
    {
        LogLevel.Critical => "2",
        LogLevel.Error => "3",
        LogLevel.Warning => "4",
        LogLevel.Information => "6",
        _ => "7",
    };

    private static JournalRecord Begin(LogLevel level, string category, string message)
    {
        var record = new JournalRecord();
        record.Add("MESSAGE", message);
        record.Add("PRIORITY", PriorityOf(level));
        record.Add("SYSLOG_IDENTIFIER", Identifier);
        record.Add("LOGGER", category);
        return record;
    }

    private void Send(JournalRecord record)
    {
        if (!socket.TrySend(record.Bytes))
        {
            Interlocked.Increment(ref _lost);
            return;
        }

        if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
        {
            var told = Begin(LogLevel.Warning, typeof(JournalLog).FullName!, string.Create(CultureInfo.InvariantCulture, $"The journal did not take {lost} records before this one; they are lost."));
            if (!socket.TrySend(told.Bytes))
            {
                Interlocked.Add(ref _lost, lost);
            }
        }
    }

    private sealed class Logger(JournalLog journal, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            string message = formatter(state, exception);
            var record = Begin(logLevel, category, exception is null ? message : $"{message} {exception.GetType().Name}: {exception.Message}");
            if (eventId.Id != 0)
            {
                record.Add("EVENT_ID", eventId.Id.ToString(CultureInfo.InvariantCulture));
            }

            if (eventId.Name is { Length: > 0 } name)
            {
                record.Add("EVENT_NAME", name);
            }

            foreach (var (key, value) in state as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
            {
                if (key != Template && value is not null)
                {
                    record.Add(JournalRecord.NameOf(key), Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                }
            }

            if (exception is not null)
            {
                record.Add("EDGE_EXCEPTION", exception.ToString());
            }

            journal.Send(record);
        }
    }
}
