namespace Edge.Functions.Devices;

/// <summary>The devices of the house, in the owner's order; those of other boards come and go behind them. Thread-safe.</summary>
public sealed class DeviceRegistry : IDisposable
{
    private readonly Lock _changing = new();
    private volatile Snapshots _now = new([]);

    /// <summary>Any device's state became another one.</summary>
    public event Action<Device, DeviceState>? Changed;

    public IReadOnlyList<Device> Devices => _now.Devices;

    /// <summary>Takes over a device, and its disposal.</summary>
    public void Add(Device device)
    {
        lock (_changing)
        {
            _now = new Snapshots([.. _now.Devices, device]);
            device.Changed += OnChanged;
        }
    }

    /// <summary>Gives devices back, still open.</summary>
    public void Remove(IReadOnlyList<Device> devices)
    {
        lock (_changing)
        {
            _now = new Snapshots([.. _now.Devices.Except(devices)]);
            foreach (var device in devices)
            {
                device.Changed -= OnChanged;
            }
        }
    }

    /// <summary>Puts the devices, opened in another order, into their owner's.</summary>
    public void Arrange(IReadOnlyList<DeviceDeclaration> owners)
    {
        var places = owners.Select((d, i) => (d.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.OrdinalIgnoreCase);
        lock (_changing)
        {
            _now = new Snapshots([.. _now.Devices.OrderBy(d => places[d.Name])]);
        }
    }

    /// <param name="name">Without regard to case.</param>
    public Device? Find(string name) => _now.ByName.GetValueOrDefault(name);

    /// <summary>How everything stands now, for the gate.</summary>
    /// <param name="isTooHot">The board is.</param>
    public HouseState Snapshot(bool isTooHot = false) =>
        new(_now.Devices.ToDictionary(d => d.Name, d => new DeviceCondition(d.State, d.ChangedAt, d.MovedAt), StringComparer.OrdinalIgnoreCase), isTooHot);

    /// <summary>Every device to its safe value, whatever fails on the way; what failed comes back.</summary>
    public IReadOnlyList<Exception> GoSafe() => ForEach(d => d.GoSafe());

    public void Dispose() => ForEach(d => d.Dispose());

    private void OnChanged(Device device, DeviceState state) => Changed?.Invoke(device, state);

    private List<Exception> ForEach(Action<Device> act)
    {
        var faults = new List<Exception>();
        foreach (var device in _now.Devices)
        {
            try
            {
                act(device);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                faults.Add(e);
            }
        }

        return faults;
    }

    private sealed class Snapshots(IReadOnlyList<Device> devices)
    {
        public IReadOnlyList<Device> Devices { get; } = devices;

        public Dictionary<string, Device> ByName { get; } = devices.ToDictionary(d => d.Name, StringComparer.OrdinalIgnoreCase);
    }
}
