using Edge.Functions.Gpio;
using Edge.Functions.Pwm;

namespace Edge.Functions.Devices;

/// <summary>A servo on a 50 Hz PWM output. With a slew rate it gets to its angle in small steps by itself.</summary>
public sealed class ServoDevice : Device
{
    public const int FrequencyHz = 50;

    private const double PeriodUs = 1_000_000.0 / FrequencyHz;

    /// <summary>A servo looks at its pulse once in 20 ms.</summary>
    private static readonly TimeSpan SlewStep = TimeSpan.FromMilliseconds(20);

    private readonly PwmOutput _output;
    private readonly Wiring.Servo _wiring;
    private readonly Lock _gate = new();
    private readonly Later _step;

    public ServoDevice(DeviceDeclaration declaration, PwmOutput output, Wiring.Servo wiring, TimeProvider clock)
        : base(declaration, clock)
    {
        _output = output;
        _wiring = wiring;
        _step = new Later(clock, _gate);
        Read();
    }

    /// <summary>The duty (0 to 1) that means an angle.</summary>
    public static double Duty(Wiring.Servo wiring, double degrees)
    {
        double share = (degrees - wiring.DegreesMin) / (wiring.DegreesMax - wiring.DegreesMin);
        return (wiring.PulseMinUs + (share * (wiring.PulseMaxUs - wiring.PulseMinUs))) / PeriodUs;
    }

    /// <summary>The angle the pulses tell; <c>off</c> without pulses. Whether the horn follows is not measured.</summary>
    public override DeviceState Read(CancellationToken cancellationToken = default) =>
        Keep(Angle() is { } degrees ? DeviceState.Number(Math.Round(degrees, 1)) : DeviceState.Switched(false));

    /// <summary>At once, or the first step of a slow turn: the state read back tells how far it is.</summary>
    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        double target = action is DeviceAction.TurnTo to ? to.Degrees : throw NotMine(action);
        lock (_gate)
        {
            _step.Cancel();
            Turn(target, permit);
            return State;
        }
    }

    public override void GoSafe()
    {
        lock (_gate)
        {
            _step.Cancel();
            _output.GoSafe();
            Read();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _step.Dispose();
        _output.Dispose();
    }

    private void Turn(double target, Permit permit)
    {
        // Without pulses nobody knows where it stands: the first turn cannot be slowed.
        double next = target;
        if (_wiring.SlewPerSecond is { } slew && Angle() is { } from)
        {
            double most = slew * SlewStep.TotalSeconds;
            next = from + Math.Clamp(target - from, -most, most);
        }

        _output.Write(Duty(_wiring, next), permit);
        Read();
        if (Math.Abs(target - next) > 0.01)
        {
            _step.Set(SlewStep, () => Turn(target, permit));
        }
    }

    private double? Angle()
    {
        double us = _output.Read() * PeriodUs;
        double share = (us - _wiring.PulseMinUs) / (_wiring.PulseMaxUs - _wiring.PulseMinUs);
        return us < 1 ? null : _wiring.DegreesMin + (share * (_wiring.DegreesMax - _wiring.DegreesMin));
    }
}
