using System.Device.Gpio;

namespace Edge.Functions.Gpio;

/// <summary>
/// One output. Values are logical: active is the level that turns the thing on, low for an active-low relay. The line stands at its
/// safe value from the moment it is opened and again when it is disposed.
/// </summary>
public sealed class OutputLine : IDisposable
{
    private readonly GpioController _controller;
    private readonly string _chip;
    private readonly bool _activeLow;
    private readonly bool _safeActive;
    private readonly LineDrive _drive;
    private readonly PinMode _floating;
    private readonly Lock _gate = new();
    private bool _disposed;

    internal OutputLine(GpioController controller, string chip, int offset, string owner, bool activeLow, bool safeActive, LineDrive drive = LineDrive.PushPull, LineBias bias = LineBias.None)
    {
        _controller = controller;
        _chip = chip;
        _activeLow = activeLow;
        _safeActive = safeActive;
        Offset = offset;
        Owner = owner;
        _drive = drive;
        _floating = bias switch
        {
            LineBias.PullUp => PinMode.InputPullUp,
            LineBias.PullDown => PinMode.InputPullDown,
            _ => PinMode.Input,
        };
        if (Floats(safeActive))
        {
            _controller.OpenPin(offset, _floating);
        }
        else
        {
            _controller.OpenPin(offset, PinMode.Output, Level(safeActive));
        }
    }

    public int Offset { get; }

    /// <summary>The device this line belongs to.</summary>
    public string Owner { get; }

    /// <summary>Writes and reads back.</summary>
    /// <exception cref="HardwareFault">The line reads back otherwise, or the chip refused.</exception>
    public void Write(bool active, Permit permit)
    {
        permit.Demand(Owner);
        Set(active);
    }

    /// <summary>Whether the line is active now, read from the chip.</summary>
    /// <exception cref="HardwareFault">The chip did not answer.</exception>
    public bool Read()
    {
        lock (_gate)
        {
            return Measure();
        }
    }

    /// <summary>Back to the safe value; needs no permit.</summary>
    /// <exception cref="HardwareFault">The line reads back otherwise, or the chip refused.</exception>
    public void GoSafe() => Set(_safeActive);

    /// <summary>Safe value, then the line is given back. A released line may keep its level or not; the wiring decides (pull resistors).</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            try
            {
                Drive(_safeActive);
                _controller.ClosePin(Offset);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
            {
                // The chip is gone (unplugged); nothing is left to make safe.
            }
        }
    }

    private void Set(bool active)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                Drive(active);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                throw new HardwareFault($"{this} cannot be written ({e.Message.TrimEnd('.')}).", e);
            }

            if (Measure() != active)
            {
                throw new HardwareFault($"{this} was set {Word(active)} but reads {Word(!active)}{(Floats(active) ? "; a line of this drive needs a pull resistor to get there, or \"bias:\"" : "")}.");
            }
        }
    }

    /// <summary>A level the line does not make itself is an input that a resistor pulls, as the kernel does it for chips without such outputs.</summary>
    private void Drive(bool active)
    {
        var level = Level(active);
        if (Floats(active))
        {
            _controller.SetPinMode(Offset, _floating);
        }
        else if (_drive == LineDrive.PushPull || _controller.GetPinMode(Offset) == PinMode.Output)
        {
            _controller.Write(Offset, level);
        }
        else
        {
            // Kept by the controller as the first level of the output that follows.
            _controller.Write(Offset, level);
            _controller.SetPinMode(Offset, PinMode.Output);
        }
    }

    private bool Floats(bool active) => _drive switch
    {
        LineDrive.OpenDrain => Level(active) == PinValue.High,
        LineDrive.OpenSource => Level(active) == PinValue.Low,
        _ => false,
    };

    private bool Measure()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return (_controller.Read(Offset) == PinValue.High) != _activeLow;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            throw new HardwareFault($"{this} cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    private PinValue Level(bool active) => active != _activeLow ? PinValue.High : PinValue.Low;

    private string Word(bool active) => Level(active) == PinValue.High ? "high" : "low";

    public override string ToString() => $"Line {Offset} of {_chip}";
}
