using Edge.Functions.Gpio;

namespace Edge.Functions.Devices;

/// <summary>A rotary encoder: two contacts whose order of closing tells the direction. Its state is the count of clicks, clockwise up.</summary>
public sealed class RotaryDevice : Device
{
    /// <summary>By the contacts before (ab) and now (ab): +1 clockwise, -1 back, 0 for bounce or a missed edge (Gray code).</summary>
    private static readonly sbyte[] Steps = [0, -1, 1, 0, 1, 0, 0, -1, -1, 0, 0, 1, 0, 1, -1, 0];

    private readonly InputLine _a;
    private readonly InputLine _b;
    private readonly int _stepsPerDetent;
    private readonly Lock _gate = new();
    private int _contacts;
    private int _steps;

    public RotaryDevice(DeviceDeclaration declaration, InputLine a, InputLine b, int stepsPerDetent, TimeProvider clock)
        : base(declaration, clock)
    {
        (_a, _b, _stepsPerDetent) = (a, b, stepsPerDetent);
        _contacts = Contacts();
        Read();
        foreach (var line in (InputLine[])[_a, _b])
        {
            line.Changed += OnEdge;
            line.Watch();
        }
    }

    public override DeviceState Read(CancellationToken cancellationToken = default) => Keep(DeviceState.Number(Math.Floor((double)_steps / _stepsPerDetent)));

    public override DeviceState Do(DeviceAction action, Permit permit) => throw NotMine(action);

    public override void GoSafe()
    {
        // It moves nothing.
    }

    protected override void Dispose(bool disposing)
    {
        _a.Dispose();
        _b.Dispose();
    }

    private int Contacts() => (_a.Read() ? 2 : 0) | (_b.Read() ? 1 : 0);

    private void OnEdge()
    {
        lock (_gate)
        {
            try
            {
                int now = Contacts();
                _steps += Steps[(_contacts << 2) | now];
                _contacts = now;
                Read();
            }
            catch (HardwareFault)
            {
                Keep(DeviceState.Unknown);
            }
        }
    }
}
