using Edge.Functions.Gpio;
using Edge.Functions.Pwm;

namespace Edge.Functions.Devices;

/// <summary>A PWM output with a level: a dimmer, a fan with a speed.</summary>
public sealed class LevelDevice : Device
{
    private readonly PwmOutput _output;
    private readonly Wiring.Level _wiring;
    private readonly Lock _gate = new();
    private readonly Later _end;
    private int _lastOn;

    public LevelDevice(DeviceDeclaration declaration, PwmOutput output, TimeProvider clock)
        : base(declaration, clock)
    {
        _output = output;
        _wiring = (Wiring.Level)declaration.Wiring;
        _end = new Later(clock, _gate);
        _lastOn = declaration.Limits.LevelMax;
        Read();
    }

    public override DeviceState Read(CancellationToken cancellationToken = default) =>
        Keep(DeviceState.Level(_wiring.Percent(_output.Read())));

    /// <summary>"On" returns to the level it had when it was last on.</summary>
    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        lock (_gate)
        {
            int percent = action switch
            {
                DeviceAction.SwitchTo to => to.On ? _lastOn : 0,
                DeviceAction.SetLevel to => to.Percent,
                _ => throw NotMine(action),
            };
            _end.Cancel();
            if (percent > 0)
            {
                _lastOn = percent;
                if (Declaration.Limits.OnMax is { } onMax)
                {
                    _end.Set(onMax, GoSafeInTheEnd);
                }
            }

            _output.Write(_wiring.Duty(percent), permit);
            return Read();
        }
    }

    public override void GoSafe()
    {
        lock (_gate)
        {
            _end.Cancel();
            _output.GoSafe();
            Read();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _end.Dispose();
        _output.Dispose();
    }

    private void GoSafeInTheEnd()
    {
        try
        {
            _output.GoSafe();
        }
        catch (HardwareFault)
        {
            _end.Set(SwitchedDevice.SafeRetry, GoSafeInTheEnd);
        }

        Measure();
    }
}
