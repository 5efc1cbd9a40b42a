using Edge.Functions.Gpio;

namespace Edge.Functions.Devices;

/// <summary>One line: a light, a pump, a lock, a garage door's relay.</summary>
public sealed class SwitchedDevice : Device
{
    private readonly OutputLine _line;
    private readonly Lock _gate = new();
    private readonly Later _end;

    public SwitchedDevice(DeviceDeclaration declaration, OutputLine line, TimeProvider clock)
        : base(declaration, clock)
    {
        _line = line;
        _end = new Later(clock, _gate);
        Read();
    }

    public override DeviceState Read(CancellationToken cancellationToken = default) => Keep(Word(_line.Read()));

    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        bool active = action switch
        {
            DeviceAction.SwitchTo to => to.On,
            DeviceAction.OpenOrClose to => to.Open,
            DeviceAction.LockOrUnlock to => !to.Lock,
            DeviceAction.Pulse => true,
            _ => throw NotMine(action),
        };
        lock (_gate)
        {
            _end.Cancel();
            _line.Write(active, permit);
            if (action is DeviceAction.Pulse pulse)
            {
                _end.Set(pulse.For, Rest);
            }
            else if (active && Declaration.Limits.OnMax is { } onMax)
            {
                _end.Set(onMax, GoSafeNow);
            }

            return Read();
        }

        void Rest()
        {
            _line.Write(false, permit);
            Read();
        }
    }

    public override void GoSafe()
    {
        lock (_gate)
        {
            _end.Cancel();
            GoSafeNow();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _end.Dispose();
        _line.Dispose();
    }

    private void GoSafeNow()
    {
        _line.GoSafe();
        Read();
    }

    private DeviceState Word(bool active) => Declaration.Kind switch
    {
        DeviceKind.Cover => new DeviceState(active ? "open" : "closed"),
        DeviceKind.Lock => new DeviceState(active ? "unlocked" : "locked"),
        _ => DeviceState.Switched(active),
    };
}
