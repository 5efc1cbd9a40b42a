using System.Device.Pwm;

namespace Edge.Functions.Pwm;

/// <summary>A PWM channel of memory. <see cref="Stuck"/> makes writes go nowhere, as a broken driver stage would.</summary>
public sealed class SimulatedPwmChannel(int frequencyHz) : PwmChannel
{
    private double _duty;

    public bool Stuck { get; set; }

    public bool IsRunning { get; private set; }

    public override int Frequency { get; set; } = frequencyHz;

    public override double DutyCycle
    {
        get => IsRunning ? _duty : 0;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 0);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1);
            _duty = Stuck ? _duty : value;
        }
    }

    public override void Start() => IsRunning = true;

    public override void Stop() => IsRunning = false;
}
