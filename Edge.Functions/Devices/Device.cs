namespace Edge.Functions.Devices;

/// <summary>A device with its hardware open. Safe at start, at <see cref="GoSafe"/> and when disposed. Thread-safe.</summary>
public abstract class Device(DeviceDeclaration declaration, TimeProvider clock) : IDisposable
{
    private readonly Lock _stateGate = new();
    private readonly List<DateTimeOffset> _movedAt = [];
    private DeviceState _state = DeviceState.Unknown;

    public DeviceDeclaration Declaration { get; } = declaration;

    public string Name => Declaration.Name;

    /// <summary>The last state measured.</summary>
    public DeviceState State
    {
        get
        {
            lock (_stateGate)
            {
                return _state;
            }
        }
    }

    /// <summary>When <see cref="State"/> last changed; the time of opening before that.</summary>
    public DateTimeOffset ChangedAt { get; private set; } = clock.GetUtcNow();

    /// <summary>The state became another one. Raised on the thread that noticed: a command's, a timer's, the driver's.</summary>
    public event Action<Device, DeviceState>? Changed;

    /// <summary>When it was moved by command during the last minute, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> MovedAt
    {
        get
        {
            lock (_stateGate)
            {
                return [.. _movedAt];
            }
        }
    }

    protected TimeProvider Clock { get; } = clock;

    /// <summary>Measures the state now.</summary>
    /// <exception cref="Gpio.HardwareFault">It cannot be measured.</exception>
    public abstract DeviceState Read(CancellationToken cancellationToken = default);

    /// <summary>As <see cref="Read"/>, but a device that cannot be measured becomes unknown.</summary>
    public virtual DeviceState Measure()
    {
        try
        {
            return Read();
        }
        catch (Exception e) when (e is Gpio.HardwareFault or ObjectDisposedException)
        {
            return Keep(DeviceState.Unknown);
        }
    }

    /// <summary>Waits until a device with a feedback input has got where it was told to go. At once for others.</summary>
    /// <exception cref="Gpio.HardwareFault">It did not get there in its time.</exception>
    public virtual DeviceState Settle(CancellationToken cancellationToken) => State;

    /// <summary>A command moves it now.</summary>
    public void CountMove()
    {
        var now = Clock.GetUtcNow();
        lock (_stateGate)
        {
            // The last one is kept however old: intervals between changes may be longer than a minute.
            _movedAt.RemoveAll(at => at <= now - TimeSpan.FromMinutes(1));
            _movedAt.Add(now);
        }
    }

    /// <summary>Does what was permitted and gives the state read back.</summary>
    /// <exception cref="Gpio.HardwareFault">The hardware refused or reads back otherwise.</exception>
    public abstract DeviceState Do(DeviceAction action, Gpio.Permit permit);

    /// <summary>Stops what is under way and returns to the safe value.</summary>
    public abstract void GoSafe();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <summary>Keeps a state that was just measured.</summary>
    protected DeviceState Keep(DeviceState state)
    {
        lock (_stateGate)
        {
            if (_state == state)
            {
                return state;
            }

            _state = state;
            ChangedAt = Clock.GetUtcNow();
        }

        Changed?.Invoke(this, state);
        return state;
    }

    protected InvalidOperationException NotMine(DeviceAction action) =>
        new($"{Name} cannot do {action.GetType().Name}; the gate should have refused it.");
}
