using Edge.Functions.Gpio;

namespace Edge.Functions.Devices;

/// <summary>
/// A contact, a button, a motion detector: an input whose edges update the state. The first edge counts at once, those of its bouncing
/// do not; how the line then stands is read when it has come to rest. A line whose chip has no edge events is looked at every 50 ms.
/// </summary>
public sealed class InputDevice : Device
{
    private readonly InputLine _line;
    private readonly TimeSpan _debounce;
    private readonly Lock _gate = new();
    private readonly Later _rest;

    public InputDevice(DeviceDeclaration declaration, InputLine line, TimeSpan debounce, TimeProvider clock)
        : base(declaration, clock)
    {
        _line = line;
        _debounce = debounce;
        _rest = new Later(clock, _gate);
        Read();
        _line.Changed += OnEdge;
        _line.WatchOrPoll(clock);
    }

    public override DeviceState Read(CancellationToken cancellationToken = default) => Keep(Word(_line.Read()));

    public override DeviceState Do(DeviceAction action, Permit permit) => throw NotMine(action);

    public override void GoSafe()
    {
        // It moves nothing.
    }

    protected override void Dispose(bool disposing)
    {
        _rest.Dispose();
        _line.Dispose();
    }

    private void OnEdge()
    {
        lock (_gate)
        {
            if (!_rest.IsSet)
            {
                Look();
            }
        }
    }

    /// <summary>A state that changed is looked at again once it has had time to bounce.</summary>
    private void Look()
    {
        var before = State;
        if (Measure() != before && _debounce > TimeSpan.Zero)
        {
            _rest.Set(_debounce, Look);
        }
    }

    private DeviceState Word(bool active) => new(Declaration.Kind switch
    {
        DeviceKind.Button => active ? "pressed" : "released",
        DeviceKind.Motion => active ? "motion" : "clear",
        _ => active ? "open" : "closed",
    });
}
