using System.Globalization;
using Edge.Functions;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Sensors;
using Spectre.Console;

namespace Edge.Runtime.Hosting;

/// <summary>
/// The simulated house, live in the terminal: what every device does now, and a cursor on the inputs. Up and down choose, left and right
/// change a sensor's number, space presses a button or opens a contact.
/// </summary>
public sealed class SimulationView(House house, TimeProvider clock, IAnsiConsole console)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    private readonly List<Device> _inputs = [.. house.Registry.Devices.Where(IsInput)];
    private int _chosen;

    /// <summary>Draws until cancelled; reads keys where there is a keyboard.</summary>
    public async Task RunAsync(Func<ConsoleKeyInfo?> key, CancellationToken cancellationToken)
    {
        await console.Live(Draw()).StartAsync(async live =>
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                while (key() is { } pressed)
                {
                    Press(pressed.Key);
                }

                live.UpdateTarget(Draw());
                await Task.Delay(Refresh, clock, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        });
    }

    /// <summary>What the key does to the house.</summary>
    public void Press(ConsoleKey key)
    {
        if (_inputs.Count == 0)
        {
            return;
        }

        switch (key)
        {
            case ConsoleKey.UpArrow or ConsoleKey.DownArrow:
                _chosen = (_chosen + (key == ConsoleKey.DownArrow ? 1 : _inputs.Count - 1)) % _inputs.Count;
                break;
            case ConsoleKey.LeftArrow or ConsoleKey.RightArrow when _inputs[_chosen] is SensorDevice { Sensor: SimulatedSensor sensor } device:
                sensor.Value += key == ConsoleKey.RightArrow ? Step(device) : -Step(device);
                device.Measure();
                break;
            case ConsoleKey.Spacebar when _inputs[_chosen].Declaration.Wiring is Wiring.Input { Line.Chip: null } input:
                house.Simulation?.Drive(input.Line.Offset, !house.Simulation.IsHigh(input.Line.Offset));
                break;
        }
    }

    /// <summary>One row a device.</summary>
    public Table Draw()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "Device", "Room", "State", "Wired to");
        foreach (var device in house.Registry.Devices)
        {
            bool isChosen = _inputs.Count > 0 && _inputs[_chosen] == device;
            table.AddRow(
                isChosen ? ">" : " ",
                Markup.Escape(device.Name),
                Markup.Escape(device.Declaration.Room ?? ""),
                Markup.Escape(State(device)),
                Markup.Escape(Where(device.Declaration.Wiring)));
        }

        return table.Caption("↑ ↓ choose   ← → set a sensor   space press or open   Ctrl-C stop");
    }

    private static bool IsInput(Device device) =>
        device is SensorDevice { Sensor: SimulatedSensor } || device.Declaration.Wiring is Wiring.Input { Line.Chip: null };

    private static double Step(SensorDevice device) => ((Wiring.Measuring)device.Declaration.Wiring).Sensor.Quantity.Decimals == 0 ? 10 : 0.5;

    private static string State(Device device) => device switch
    {
        SensorDevice => $"{device.State.Word} {((Wiring.Measuring)device.Declaration.Wiring).Sensor.Unit}",
        { State: { Word: "on" or "open", Value: { } value } } => string.Create(CultureInfo.InvariantCulture, $"{device.State.Word} {Bar(value)} {value:0} %"),
        _ => device.State.Word,
    };

    private static string Bar(double percent) => new string('█', (int)Math.Clamp(percent / 10, 0, 10)).PadRight(10, '░');

    private static string Where(Wiring wiring) => wiring switch
    {
        Wiring.Output output => output.Line.ToString(),
        Wiring.Input input => input.Line.ToString(),
        Wiring.Level level => level.Pwm.ToString(),
        Wiring.Servo servo => servo.Pwm.ToString(),
        Wiring.Tone tone => tone.Pwm.ToString(),
        Wiring.TwoWay motor => $"{motor.OpenLine} and {motor.CloseLine}",
        Wiring.Remote remote => remote.Topic.ToString(),
        Wiring.Measuring measuring => measuring.Sensor.Source.ToString(),
        _ => "",
    };
}
