using Edge.Functions.Gpio;
using Edge.Functions.Pwm;

namespace Edge.Functions.Devices;

/// <summary>A servo on a 50 Hz PWM output.</summary>
public sealed class ServoDevice : Device
{
    public const int FrequencyHz = 50;

    private const double PeriodUs = 1_000_000.0 / FrequencyHz;

    private readonly PwmOutput _output;
    private readonly Wiring.Servo _wiring;

    public ServoDevice(DeviceDeclaration declaration, PwmOutput output, Wiring.Servo wiring, TimeProvider clock)
        : base(declaration, clock)
    {
        _output = output;
        _wiring = wiring;
        Read();
    }

    /// <summary>The duty (0 to 1) that means an angle.</summary>
    public static double Duty(Wiring.Servo wiring, double degrees)
    {
        double share = (degrees - wiring.DegreesMin) / (wiring.DegreesMax - wiring.DegreesMin);
        return (wiring.PulseMinUs + (share * (wiring.PulseMaxUs - wiring.PulseMinUs))) / PeriodUs;
    }

    /// <summary>The angle the pulses tell; <c>off</c> without pulses. Whether the horn follows is not measured.</summary>
    public override DeviceState Read(CancellationToken cancellationToken = default)
    {
        double us = _output.Read() * PeriodUs;
        if (us < 1)
        {
            return Keep(DeviceState.Switched(false));
        }

        double share = (us - _wiring.PulseMinUs) / (_wiring.PulseMaxUs - _wiring.PulseMinUs);
        return Keep(DeviceState.Number(Math.Round(_wiring.DegreesMin + (share * (_wiring.DegreesMax - _wiring.DegreesMin)), 1)));
    }

    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        double degrees = action is DeviceAction.TurnTo to ? to.Degrees : throw NotMine(action);
        _output.Write(Duty(_wiring, degrees), permit);
        return Read();
    }

    public override void GoSafe()
    {
        _output.GoSafe();
        Read();
    }

    protected override void Dispose(bool disposing) => _output.Dispose();
}
