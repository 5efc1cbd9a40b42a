using Edge.Functions.Buses;
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

    /// <summary>What only one device may have: lines, PWM channels, topics, in words.</summary>
    public IEnumerable<string> Parts => PartsOf(this).Select(p => p.ToString()!);

    /// <summary>Every GPIO line.</summary>
    internal IEnumerable<LineAddress> Lines => PartsOf(this).OfType<LineAddress>();

    /// <summary>The PWM output of the board's own, if there is one.</summary>
    internal PwmAddress? HardwarePwm => PartsOf(this).OfType<PwmAddress>().FirstOrDefault();

    private static object[] PartsOf(Wiring wiring) => wiring switch
    {
        Output output => output.Feedback is { } feedback ? [output.Line, feedback.Line] : [output.Line],
        Input input => [input.Line],
        Rotary knob => [knob.A, knob.B],
        TwoWay motor => [motor.OpenLine, motor.CloseLine],
        Level level => [Place(level.Pwm)],
        Servo servo => [Place(servo.Pwm)],
        Remote remote => [remote.Topic],
        Tone tone => [Place(tone.Pwm)],
        Strip strip => [FormattableString.Invariant($"SPI bus {strip.Bus.Bus}")],
        Stepper motor => [.. motor.Coils],
        _ => [],
    };

    /// <summary>Software PWM is a line.</summary>
    private static object Place(PwmAddress pwm) => pwm.IsSoftware ? new LineAddress(pwm.Chip == PwmAddress.Auto ? null : pwm.Chip, pwm.Channel) : pwm;

    /// <summary>One output line.</summary>
    /// <param name="Feedback">An input that tells where the thing really is; null for none.</param>
    public sealed record Output(LineAddress Line, bool ActiveLow, bool SafeActive, Feedback? Feedback = null) : Wiring
    {
        public LineDrive Drive { get; init; }

        /// <summary>Where the drive leaves a level to a resistor: the chip's own one.</summary>
        public LineBias Bias { get; init; }
    }

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
    /// <param name="Melodies">What it can play.</param>
    public sealed record Tone(PwmAddress Pwm, int ToneHz, IReadOnlyList<Melody> Melodies) : Wiring;

    /// <summary>WS2812B lights on the data line (MOSI) of an SPI bus; chip select is not theirs, so nothing else may be on the bus.</summary>
    public sealed record Strip(BusAddress.Spi Bus, int Lights) : Wiring;

    /// <summary>A stepper motor behind a ULN2003: four lines, one coil each.</summary>
    /// <param name="StepsPerTurn">Half steps of the shaft's full turn; 4096 of a 28BYJ-48.</param>
    /// <param name="DegreesPerSecond">Faster than it can follow, it stalls unnoticed.</param>
    /// <param name="StartDegrees">Where it stands at start: nothing measures it.</param>
    public sealed record Stepper(IReadOnlyList<LineAddress> Coils, int StepsPerTurn, double DegreesPerSecond, double StartDegrees) : Wiring;

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
