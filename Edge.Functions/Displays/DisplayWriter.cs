using Edge.Functions.Gpio;
using Microsoft.Extensions.Logging;

namespace Edge.Functions.Displays;

/// <summary>
/// Keeps a display at the last reply and the states. Whoever has news leaves them and goes on at once; a timer draws, one drawing at a
/// time, within a deadline. A display that is slow or gone delays nobody: it is opened anew later, and what it missed it does not miss.
/// </summary>
public sealed class DisplayWriter : IDisposable
{
    /// <summary>News that come together are drawn together.</summary>
    internal static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);

    /// <summary>Of one drawing; a slow display of four rows takes about 0.2 s.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    internal static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly DisplayDeclaration _declaration;
    private readonly Func<TextDisplay> _open;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private readonly List<(string Name, string State)> _states = [];
    private TextDisplay? _display;
    private string _reply = "";
    private int _page;
    private bool _isDrawing;
    private bool _hasNews;
    private bool _isAway;
    private bool _disposed;

    /// <param name="open">May fail and hang.</param>
    public DisplayWriter(DisplayDeclaration declaration, Func<TextDisplay> open, TimeProvider clock, ILogger logger)
    {
        (_declaration, _open, _clock, _logger) = (declaration, open, clock, logger);
        _timer = clock.CreateTimer(_ => Draw(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public DisplayDeclaration Declaration => _declaration;

    /// <summary>What stands on it, in memory; null on hardware.</summary>
    public SimulatedDisplay? Simulation => Volatile.Read(ref _display) as SimulatedDisplay;

    /// <summary>The last reply; it comes first.</summary>
    public void Say(string sentence) => News(() => _reply = sentence);

    /// <summary>How a device stands now.</summary>
    public void Tell(string device, string state) => News(() =>
    {
        int at = _states.FindIndex(s => s.Name == device);
        if (at < 0)
        {
            _states.Add((device, state));
        }
        else
        {
            _states[at] = (device, state);
        }
    });

    /// <summary>Blanks the display, as what it says would no longer be true; waits a moment for that and no longer.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _timer.Dispose();
            if (_isDrawing || _display is null)
            {
                return;
            }
        }

        try
        {
            Task.Run(Blank).WaitAsync(Deadline / 2, _clock).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            // The process ends; the display keeps what it showed.
        }
    }

    private void News(Action take)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            take();
            _page = 0;
            _hasNews = true;
            if (!_isDrawing && !_isAway)
            {
                _timer.Change(Gather, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Draw()
    {
        IReadOnlyList<string> rows;
        bool more;
        lock (_gate)
        {
            if (_disposed || _isDrawing)
            {
                return;
            }

            (_isDrawing, _hasNews) = (true, false);
            var pages = TextLayout.Pages(Lines(), _declaration.Rows);
            rows = pages[_page % pages.Count];
            _page = (_page + 1) % pages.Count;
            more = pages.Count > 1;
        }

        bool shown = Show(rows);
        lock (_gate)
        {
            _isDrawing = false;
            _isAway = !shown;
            if (_disposed)
            {
                Close();
                return;
            }

            var next = !shown ? RetryAfter : _hasNews ? Gather : more ? _declaration.Page : Timeout.InfiniteTimeSpan;
            _timer.Change(next, Timeout.InfiniteTimeSpan);
        }
    }

    private List<string> Lines() =>
        [.. TextLayout.Wrap(_reply, _declaration.Columns), .. _states.Select(s => TextLayout.Line(s.Name, s.State, _declaration.Columns))];

    private bool Show(IReadOnlyList<string> rows)
    {
        try
        {
            (_display ??= _open()).Show(rows, new DrawingTime(Deadline, _clock));
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException or TimeoutException or ArgumentException)
        {
            Close();
            if (!_isAway)
            {
                DisplaysLog.Away(_logger, _declaration.ToString(), e.Message.TrimEnd('.'), _declaration.Place);
            }

            return false;
        }
    }

    private void Blank()
    {
        Show([]);
        Close();
    }

    private void Close()
    {
        try
        {
            _display?.Dispose();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or HardwareFault)
        {
            // It is gone; there is nothing to give back.
        }

        _display = null;
    }
}
