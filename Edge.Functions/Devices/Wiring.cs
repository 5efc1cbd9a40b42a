using Edge.Functions.Devices.Remote;
using Edge.Functions.Gpio;
using Edge.Functions.Pwm;
using Edge.Functions.Sensors;

namespace Edge.Functions.Devices;

/// <summary>A line by its offset; the chip is the default one unless a label is given.</summary>
public sealed record LineAddress(string? Chip, int Offset)
{
    public override string ToString() => Chip is null ? $"line {Offset}" : $"line {Offset} of {Chip}";
}

/// <summary>An input that is active when the thing it watches is: a gate's end switch, an auxiliary contact, a flow switch.</summary>
/// <param name="Within">How long the thing may take to follow.</param>
public sealed record Feedback(LineAddress Line, bool ActiveLow, LineBias Bias, TimeSpan Within);

/// <summary>How a device is wired.</summary>
public abstract record Wiring
{
    private Wiring()
    {
    }

    /// <summary>One output line.</summary>
    /// <param name="Feedback">An input that tells where the thing really is; null for none.</param>
    public sealed record Output(LineAddress Line, bool ActiveLow, bool SafeActive, Feedback? Feedback = null) : Wiring;

    /// <summary>One PWM output whose duty is a level.</summary>
    /// <param name="SafePercent">The level at start, stop and failure.</param>
    /// <param name="Gamma">duty = level to this power: eyes see 2.2 as even steps; 1 for motors.</param>
    public sealed record Level(PwmAddress Pwm, int FrequencyHz, int SafePercent, double Gamma = 1) : Wiring
    {
        /// <summary>0 to 1.</summary>
        public double Duty(int percent) => Math.Pow(percent / 100.0, Gamma);

        /// <summary>Back from a duty of 0 to 1.</summary>
        public int Percent(double duty) => (int)Math.Round(Math.Pow(Math.Clamp(duty, 0, 1), 1 / Gamma) * 100);
    }

    /// <summary>A motor with one line for each direction; both are never active together.</summary>
    /// <param name="Travel">From closed to open.</param>
    public sealed record TwoWay(LineAddress OpenLine, LineAddress CloseLine, bool ActiveLow, TimeSpan Travel) : Wiring;

    /// <summary>A servo: the width of a pulse every 20 ms is the angle.</summary>
    /// <param name="PulseMinUs">Microseconds at <paramref name="DegreesMin"/>.</param>
    /// <param name="SlewPerSecond">Degrees a second at most; null as fast as it can.</param>
    /// <param name="RestDegrees">Where it stands at start and stop; null leaves it without pulses.</param>
    public sealed record Servo(PwmAddress Pwm, int PulseMinUs, int PulseMaxUs, double DegreesMin, double DegreesMax, double? RestDegrees, double? SlewPerSecond = null) : Wiring;

    /// <summary>A buzzer that needs a tone.</summary>
    public sealed record Tone(PwmAddress Pwm, int ToneHz) : Wiring;

    /// <param name="Debounce">For so long after a change further edges are its bouncing.</param>
    public sealed record Input(LineAddress Line, bool ActiveLow, LineBias Bias, TimeSpan Debounce = default) : Wiring;

    /// <summary>A knob with two contacts a quarter turn of phase apart.</summary>
    /// <param name="StepsPerDetent">Edges from one click to the next; 4 of the usual ones.</param>
    public sealed record Rotary(LineAddress A, LineAddress B, LineBias Bias, int StepsPerDetent) : Wiring;

    /// <summary>Behind MQTT.</summary>
    /// <param name="GoesSafe">Whether it is told to go off, closed or locked at stop and in trouble; it keeps its state otherwise.</param>
    public sealed record Remote(RemoteTopic Topic, bool GoesSafe) : Wiring;

    /// <summary>At another board.</summary>
    /// <param name="Id">The board's.</param>
    /// <param name="Skills">What it says the device can do.</param>
    public sealed record Board(string Id, DeviceSkills Skills) : Wiring;

    public sealed record Measuring(SensorDeclaration Sensor) : Wiring;
}
