using Edge.Functions.Gpio;

namespace Edge.Functions.Devices;

/// <summary>A contact, a button, a motion detector: an input whose edges update the state.</summary>
public sealed class InputDevice : Device
{
    private readonly InputLine _line;

    public InputDevice(DeviceDeclaration declaration, InputLine line, TimeProvider clock)
        : base(declaration, clock)
    {
        _line = line;
        Read();
        _line.Changed += OnEdge;
        _line.Watch();
    }

    public override DeviceState Read(CancellationToken cancellationToken = default) => Keep(Word(_line.Read()));

    public override DeviceState Do(DeviceAction action, Permit permit) => throw NotMine(action);

    public override void GoSafe()
    {
        // It moves nothing.
    }

    protected override void Dispose(bool disposing) => _line.Dispose();

    private void OnEdge()
    {
        try
        {
            Read();
        }
        catch (HardwareFault)
        {
            Keep(DeviceState.Unknown);
        }
    }

    private DeviceState Word(bool active) => new(Declaration.Kind switch
    {
        DeviceKind.Button => active ? "pressed" : "released",
        DeviceKind.Motion => active ? "motion" : "clear",
        _ => active ? "open" : "closed",
    });
}
