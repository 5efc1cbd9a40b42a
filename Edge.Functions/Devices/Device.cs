namespace Edge.Functions.Devices;

/// <summary>A device with its hardware open. Safe at start, at <see cref="GoSafe"/> and when disposed. Thread-safe.</summary>
public abstract class Device(DeviceDeclaration declaration, TimeProvider clock) : IDisposable
{
    private readonly Lock _stateGate = new();
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

    protected TimeProvider Clock { get; } = clock;

    /// <summary>Measures the state now.</summary>
    /// <exception cref="Gpio.HardwareFault">It cannot be measured.</exception>
    public abstract DeviceState Read(CancellationToken cancellationToken = default);

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
