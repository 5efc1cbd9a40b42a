using Edge.Functions.Buses;
using Edge.Functions.Devices.Remote;
using Edge.Functions.Displays;
using Edge.Functions.Gpio;
using Edge.Functions.Pwm;
using Edge.Functions.Sensors;
using Edge.Functions.Sensors.Parts;

namespace Edge.Functions.Devices;

/// <summary>Turns a declaration into a device by opening what it is wired to.</summary>
/// <param name="buses">Null where they are simulated.</param>
/// <param name="remote">Carries the messages of devices behind MQTT.</param>
/// <param name="sysfsRoot"><c>/sys</c>, or a fake tree.</param>
/// <param name="readDeadline">How long a sensor may take.</param>
public sealed class DeviceOpener(GpioBoard gpio, PwmBoard pwm, PartBoard parts, BusBoard? buses, RemoteBus remote, string sysfsRoot, TimeSpan readDeadline, TimeProvider clock)
{
    /// <exception cref="HardwareFault">A line or PWM output cannot be had; the message says why.</exception>
    public Device Open(DeviceDeclaration device) => device.Wiring switch
    {
        Wiring.Output output when device.Kind == DeviceKind.Buzzer => new BuzzerDevice(device, Line(device, output.Line, output.ActiveLow, output.SafeActive), null, clock),
        Wiring.Output output => OpenSwitched(device, output),
        Wiring.Level level => new LevelDevice(device, pwm.Open(level.Pwm, device.Name, level.FrequencyHz, level.Duty(level.SafePercent)), clock),
        Wiring.Remote at => new RemoteDevice(device, at.Topic, remote, clock),
        Wiring.Servo servo => new ServoDevice(device, pwm.Open(servo.Pwm, device.Name, ServoDevice.FrequencyHz, servo.RestDegrees is { } rest ? ServoDevice.Duty(servo, rest) : 0), servo, clock),
        Wiring.Tone tone => new BuzzerDevice(device, null, pwm.Open(tone.Pwm, device.Name, tone.ToneHz), clock),
        Wiring.Strip strip => new StripDevice(device, OpenStrip(device, strip), clock),
        Wiring.Stepper motor => OpenStepper(device, motor),
        Wiring.TwoWay motor => OpenCover(device, motor),
        Wiring.Input input => new InputDevice(device, Input(device, input.Line, input.ActiveLow, input.Bias), input.Debounce, clock),
        Wiring.Rotary knob => new RotaryDevice(device, Input(device, knob.A, false, knob.Bias), Input(device, knob.B, false, knob.Bias), knob.StepsPerDetent, clock),
        Wiring.Measuring measuring => new SensorDevice(device, measuring, OpenSensor(measuring.Sensor), readDeadline, clock),
        _ => throw new InvalidOperationException($"{device.Name} has an unknown wiring."),
    };

    private SwitchedDevice OpenSwitched(DeviceDeclaration device, Wiring.Output output)
    {
        var line = gpio.Chip(output.Line.Chip).OpenOutput(output.Line.Offset, device.Name, output.ActiveLow, output.SafeActive, output.Drive, output.Bias);
        try
        {
            var input = output.Feedback is { } feedback ? Input(device, feedback.Line, feedback.ActiveLow, feedback.Bias) : null;
            return new SwitchedDevice(device, line, input is null ? null : new FeedbackInput(input, output.Feedback!.Within, clock), clock);
        }
        catch (HardwareFault)
        {
            line.Dispose();
            throw;
        }
    }

    private LedStrip OpenStrip(DeviceDeclaration device, Wiring.Strip strip)
    {
        try
        {
            return new LedStrip(buses?.Open(strip.Bus), strip.Lights, strip.Bus.ToString(), device.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e is not HardwareFault)
        {
            throw new HardwareFault($"{strip.Bus} for {device.Name} cannot be opened ({e.Message.TrimEnd('.')}); enable SPI with \"dtparam=spi=on\" in config.txt (group spi).", e);
        }
    }

    private StepperDevice OpenStepper(DeviceDeclaration device, Wiring.Stepper motor)
    {
        var coils = new List<OutputLine>();
        try
        {
            foreach (var coil in motor.Coils)
            {
                coils.Add(Line(device, coil, activeLow: false, safeActive: false));
            }

            return new StepperDevice(device, coils, motor, clock);
        }
        catch (HardwareFault)
        {
            coils.ForEach(c => c.Dispose());
            throw;
        }
    }

    private CoverDevice OpenCover(DeviceDeclaration device, Wiring.TwoWay motor)
    {
        var open = Line(device, motor.OpenLine, motor.ActiveLow, safeActive: false);
        try
        {
            return new CoverDevice(device, open, Line(device, motor.CloseLine, motor.ActiveLow, safeActive: false), motor.Travel, clock);
        }
        catch (HardwareFault)
        {
            open.Dispose();
            throw;
        }
    }

    /// <summary>On a simulated board a sensor with a simulated value needs no hardware.</summary>
    private Sensor OpenSensor(SensorDeclaration sensor) => sensor switch
    {
        { Source: SensorSource.Simulated simulated } => new SimulatedSensor(simulated.Value),
        { SimulatedValue: { } value } when gpio.IsSimulated => new SimulatedSensor(value),
        { Source: SensorSource.Part part } => new PartSensor(parts, part),
        _ => new SysfsSensor(sensor.Source, sysfsRoot),
    };

    private InputLine Input(DeviceDeclaration device, LineAddress line, bool activeLow, LineBias bias) =>
        gpio.Chip(line.Chip).OpenInput(line.Offset, device.Name, activeLow, bias);

    private OutputLine Line(DeviceDeclaration device, LineAddress line, bool activeLow, bool safeActive) =>
        gpio.Chip(line.Chip).OpenOutput(line.Offset, device.Name, activeLow, safeActive);
}
