using System.Device.Gpio;

namespace Edge.Functions.Gpio;

/// <summary>The resistor a chip puts on an input.</summary>
public enum LineBias
{
    None,
    PullUp,
    PullDown,
}

/// <summary>How an output makes its levels.</summary>
public enum LineDrive
{
    /// <summary>Both by itself.</summary>
    PushPull,

    /// <summary>Low by itself; high is left to a pull-up, so that several may share a wire, or a higher voltage be switched.</summary>
    OpenDrain,

    /// <summary>High by itself; low is left to a pull-down.</summary>
    OpenSource,
}

/// <summary>One input; active is the level that means "pressed" or "open". Edges arrive on a thread of the driver.</summary>
public sealed class InputLine : IDisposable
{
    internal static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly GpioController _controller;
    private readonly string _chip;
    private readonly int _offset;
    private readonly bool _activeLow;
    private bool _watched;
    private ITimer? _poll;
    private bool _disposed;

    internal InputLine(GpioController controller, string chip, int offset, bool activeLow, LineBias bias)
    {
        _controller = controller;
        _chip = chip;
        _offset = offset;
        _activeLow = activeLow;
        _controller.OpenPin(offset, bias switch
        {
            LineBias.PullUp => PinMode.InputPullUp,
            LineBias.PullDown => PinMode.InputPullDown,
            _ => PinMode.Input,
        });
    }

    /// <summary>Rose or fell; read the line to know which way it stands now, as edges of a bouncing contact arrive late.</summary>
    public event Action? Changed;

    /// <exception cref="HardwareFault">The chip did not answer.</exception>
    public bool Read()
    {
        try
        {
            return (_controller.Read(_offset) == PinValue.High) != _activeLow;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
        {
            throw new HardwareFault($"{this} cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>Begins to raise <see cref="Changed"/>.</summary>
    /// <exception cref="HardwareFault">The chip has no edge events.</exception>
    public void Watch()
    {
        try
        {
            _controller.RegisterCallbackForPinValueChangedEvent(_offset, PinEventTypes.Rising | PinEventTypes.Falling, OnEdge);
            _watched = true;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or NotSupportedException or NotImplementedException)
        {
            throw new HardwareFault($"{this} gives no edge events ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>As <see cref="Watch"/>; a line whose chip has no edge events (one of an expander) is looked at every 50 ms.</summary>
    public void WatchOrPoll(TimeProvider clock)
    {
        try
        {
            Watch();
        }
        catch (HardwareFault)
        {
            _poll = clock.CreateTimer(_ => Changed?.Invoke(), null, PollInterval, PollInterval);
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _poll?.Dispose();
        try
        {
            if (_watched)
            {
                _controller.UnregisterCallbackForPinValueChangedEvent(_offset, OnEdge);
            }

            _controller.ClosePin(_offset);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The chip is gone; there is nothing to give back.
        }
    }

    public override string ToString() => $"Line {_offset} of {_chip}";

    private void OnEdge(object sender, PinValueChangedEventArgs edge) => Changed?.Invoke();
}
