using System.Device.Gpio;

namespace Edge.Functions.Gpio;

/// <summary>
/// A chip of memory, with the resets of the Raspberry Pi's header: offsets 0 to 8 pull up, the rest down. It counts writes and can be
/// told to fail, as hardware does.
/// </summary>
/// <param name="levels">Where levels outlast the process; null for nowhere. Taken over.</param>
public sealed class SimulatedGpioDriver(int lineCount = 54, SimulatedLevels? levels = null) : GpioDriver
{
    private const int PulledUpMax = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, PinMode> _modes = [];
    private readonly Dictionary<int, PinValue> _levels = levels?.Read() ?? [];
    private readonly Dictionary<int, PinValue> _held = [];
    private readonly HashSet<int> _broken = [];
    private readonly List<(int Line, PinEventTypes Types, PinChangeEventHandler Handler)> _watchers = [];

    /// <summary>A level changed: offset and whether it is high. Raised for outputs and inputs alike.</summary>
    public event Action<int, bool>? LevelChanged;

    /// <summary>Writes so far, those that changed nothing included.</summary>
    public int WriteCount { get; private set; }

    protected override int PinCount => lineCount;

    public bool IsHigh(int offset)
    {
        lock (_gate)
        {
            return Level(offset) == PinValue.High;
        }
    }

    /// <summary>Drives an input from outside, as a button or a contact would.</summary>
    public void Drive(int offset, bool high)
    {
        List<PinChangeEventHandler> handlers;
        var edge = high ? PinEventTypes.Rising : PinEventTypes.Falling;
        lock (_gate)
        {
            if (Level(offset) == (PinValue)high)
            {
                return;
            }

            _levels[offset] = high;
            handlers = [.. _watchers.Where(w => w.Line == offset && (w.Types & edge) != 0).Select(w => w.Handler)];
        }

        LevelChanged?.Invoke(offset, high);
        handlers.ForEach(handler => handler(this, new PinValueChangedEventArgs(edge, offset)));
    }

    /// <summary>The line keeps that level whatever is written: a short circuit, a relay that sticks.</summary>
    public void Hold(int offset, bool high)
    {
        lock (_gate)
        {
            _held[offset] = high;
        }
    }

    /// <summary>Reads and writes of the line fail from now on: the chip was unplugged.</summary>
    public void Break(int offset)
    {
        lock (_gate)
        {
            _broken.Add(offset);
        }
    }

    protected override void OpenPin(int pinNumber)
    {
        lock (_gate)
        {
            _modes[pinNumber] = PinMode.Input;
        }
    }

    protected override void ClosePin(int pinNumber)
    {
        lock (_gate)
        {
            _modes.Remove(pinNumber);
        }
    }

    protected override PinMode GetPinMode(int pinNumber)
    {
        lock (_gate)
        {
            return _modes[pinNumber];
        }
    }

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        bool? floated = null;
        lock (_gate)
        {
            // An output that is let go follows its pull.
            bool lets = _modes.GetValueOrDefault(pinNumber, PinMode.Input) == PinMode.Output && mode != PinMode.Output;
            bool pull = mode == PinMode.InputPullUp || (mode == PinMode.Input && pinNumber <= PulledUpMax);
            _modes[pinNumber] = mode;
            if (lets)
            {
                floated = Level(pinNumber) != (PinValue)pull && !_held.ContainsKey(pinNumber) ? pull : null;
                _levels[pinNumber] = pull;
            }
            else if (mode is PinMode.InputPullUp or PinMode.InputPullDown)
            {
                _levels.TryAdd(pinNumber, mode == PinMode.InputPullUp);
            }
        }

        if (floated is { } high)
        {
            LevelChanged?.Invoke(pinNumber, high);
        }
    }

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        // Level first: a real chip takes both in one request, without a pulse in between.
        Write(pinNumber, initialValue);
        SetPinMode(pinNumber, mode);
    }

    protected override PinValue Read(int pinNumber)
    {
        lock (_gate)
        {
            ThrowIfBroken(pinNumber);
            return Level(pinNumber);
        }
    }

    protected override void Write(int pinNumber, PinValue value)
    {
        bool changed;
        lock (_gate)
        {
            ThrowIfBroken(pinNumber);
            WriteCount++;
            changed = Level(pinNumber) != value && !_held.ContainsKey(pinNumber);
            _levels[pinNumber] = value;
            levels?.Append(pinNumber, value);
        }

        if (changed)
        {
            LevelChanged?.Invoke(pinNumber, value == PinValue.High);
        }
    }

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        lock (_gate)
        {
            _watchers.Add((pinNumber, eventTypes, callback));
        }
    }

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        lock (_gate)
        {
            _watchers.RemoveAll(w => w.Line == pinNumber && w.Handler == callback);
        }
    }

    /// <summary>Edges are raised by <see cref="Drive"/>; nobody in Edge waits for one.</summary>
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A simulated line raises edges and cannot be waited for.");

    protected override void Dispose(bool disposing)
    {
        levels?.Dispose();
        base.Dispose(disposing);
    }

    private PinValue Level(int line)
    {
        if (_held.TryGetValue(line, out var held))
        {
            return held;
        }

        return _levels.TryGetValue(line, out var level) ? level : line <= PulledUpMax;
    }

    private void ThrowIfBroken(int line)
    {
        if (_broken.Contains(line))
        {
            throw new IOException($"Line {line} does not answer");
        }
    }
}
