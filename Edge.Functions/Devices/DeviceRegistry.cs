namespace Edge.Functions.Devices;

/// <summary>The devices of the house, in the owner's order.</summary>
public sealed class DeviceRegistry : IDisposable
{
    private readonly List<Device> _devices = [];
    private readonly Dictionary<string, Device> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Any device's state became another one.</summary>
    public event Action<Device, DeviceState>? Changed;

    public IReadOnlyList<Device> Devices => _devices;

    /// <summary>Takes over a device, and its disposal.</summary>
    public void Add(Device device)
    {
        _byName.Add(device.Name, device);
        _devices.Add(device);
        device.Changed += (d, state) => Changed?.Invoke(d, state);
    }

    /// <summary>Puts the devices, opened in another order, into their owner's.</summary>
    public void Arrange(IReadOnlyList<DeviceDeclaration> owners)
    {
        var places = owners.Select((d, i) => (d.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.OrdinalIgnoreCase);
        _devices.Sort((a, b) => places[a.Name].CompareTo(places[b.Name]));
    }

    /// <param name="name">Without regard to case.</param>
    public Device? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>How everything stands now, for the gate.</summary>
    /// <param name="isTooHot">The board is.</param>
    public HouseState Snapshot(bool isTooHot = false) =>
        new(_devices.ToDictionary(d => d.Name, d => new DeviceCondition(d.State, d.ChangedAt, d.MovedAt), StringComparer.OrdinalIgnoreCase), isTooHot);

    /// <summary>Every device to its safe value, whatever fails on the way; what failed comes back.</summary>
    public IReadOnlyList<Exception> GoSafe() => ForEach(d => d.GoSafe());

    public void Dispose() => ForEach(d => d.Dispose());

    private List<Exception> ForEach(Action<Device> act)
    {
        var faults = new List<Exception>();
        foreach (var device in _devices)
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
}
