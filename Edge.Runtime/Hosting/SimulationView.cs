using System.Globalization;
using Edge.Functions;
using Edge.Functions.Devices;
using Edge.Functions.Displays;
using Edge.Functions.Sensors;
using Spectre.Console;

namespace Edge.Runtime.Hosting;

/// <summary>
/// The simulated house, live in the terminal: what every device does now, what stands on its displays, and a cursor on the inputs. Up and
/// down choose, left and right change a sensor's number or turn a knob, digits and Enter set a number, space presses a button or opens a
/// contact, q ends.
/// </summary>
public sealed class SimulationView(House house, TimeProvider clock, IAnsiConsole console, LogTail? log = null)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    private const int TypedMax = 12;

    private readonly List<Device> _inputs = [.. house.Registry.Devices.Where(house.Simulated.Has)];
    private int _chosen;
    private string _typed = "";

    /// <summary>Somebody pressed q.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>Draws until cancelled or left; reads keys where there is a keyboard.</summary>
    public async Task RunAsync(Func<ConsoleKeyInfo?> key, CancellationToken cancellationToken)
    {
        await console.Live(Draw()).StartAsync(async live =>
        {
            while (!cancellationToken.IsCancellationRequested && !IsLeft)
            {
                while (key() is { } pressed)
                {
                    Press(pressed);
                }

                live.UpdateTarget(Draw());
                await Task.Delay(Refresh, clock, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        });
    }

    /// <summary>What the key does to the house.</summary>
    public void Press(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.Q)
        {
            IsLeft = true;
        }
        else if (_inputs.Count > 0)
        {
            Press(key, _inputs[_chosen]);
        }
    }

    /// <summary>One row a device; below it what stands on the displays.</summary>
    public Rows Draw()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "Device", "Room", "State", "Wired to");
        foreach (var device in house.Registry.Devices)
        {
            bool isChosen = _inputs.Count > 0 && _inputs[_chosen] == device;
            table.AddRow(
                isChosen ? ">" : " ",
                Markup.Escape(device.Name),
                Markup.Escape(device.Declaration.Room ?? ""),
                Markup.Escape(isChosen && _typed.Length > 0 ? _typed + "_" : State(device)),
                Markup.Escape(Where(device.Declaration.Wiring)));
        }

        var displays = house.Displays.Writers.Select(w => new Panel(Markup.Escape(string.Join('\n', Padded(w)))).Header(Markup.Escape(w.Declaration.Name)));
        var lines = (log?.Lines ?? []).Select(line => new Text(line, Style.Plain) { Overflow = Overflow.Ellipsis });
        return new Rows([table, .. displays, .. lines, new Text("↑ ↓ choose   ← → change   digits Enter set   space press or open   q or Ctrl-C stop")]);
    }

    private void Press(ConsoleKeyInfo key, Device device)
    {
        switch (key.Key)
        {
            case ConsoleKey.UpArrow or ConsoleKey.DownArrow:
                _chosen = (_chosen + (key.Key == ConsoleKey.DownArrow ? 1 : _inputs.Count - 1)) % _inputs.Count;
                _typed = "";
                break;
            case ConsoleKey.LeftArrow or ConsoleKey.RightArrow when device is SensorDevice { Sensor: SimulatedSensor sensor } measured:
                Set(device, sensor.Value + (key.Key == ConsoleKey.RightArrow ? Step(measured) : -Step(measured)));
                break;
            case ConsoleKey.LeftArrow or ConsoleKey.RightArrow when device is RotaryDevice:
                Set(device, key.Key == ConsoleKey.RightArrow ? 1 : -1);
                break;
            case ConsoleKey.Spacebar:
                house.Simulated.Toggle(device);
                break;
            case ConsoleKey.Enter when _typed.Length > 0:
                house.Simulated.Set(device, _typed);
                _typed = "";
                break;
            case ConsoleKey.Escape:
                _typed = "";
                break;
            case ConsoleKey.Backspace when _typed.Length > 0:
                _typed = _typed[..^1];
                break;
            default:
                if (device is SensorDevice or RotaryDevice && (char.IsAsciiDigit(key.KeyChar) || key.KeyChar is '.' or '-') && _typed.Length < TypedMax)
                {
                    _typed += key.KeyChar;
                }

                break;
        }
    }

    private void Set(Device device, double number) => house.Simulated.Set(device, number.ToString("0.####", CultureInfo.InvariantCulture));

    private static IEnumerable<string> Padded(DisplayWriter writer) =>
        Enumerable.Range(0, writer.Declaration.Rows).Select(i => (writer.Simulation?.Rows.ElementAtOrDefault(i) ?? "").PadRight(writer.Declaration.Columns));

    private static double Step(SensorDevice device) => ((Wiring.Measuring)device.Declaration.Wiring).Sensor.Quantity.Decimals == 0 ? 10 : 0.5;

    private static string State(Device device) => device switch
    {
        SensorDevice => $"{device.State.Word} {((Wiring.Measuring)device.Declaration.Wiring).Sensor.Unit}",
        { State: { Word: "on", Value: { } value, Colour: { } colour } } => string.Create(CultureInfo.InvariantCulture, $"on {Bar(value)} {value:0} % {colour} {device.State.Effect}"),
        ServoDevice or StepperDevice when device.State.Value is { } degrees => string.Create(CultureInfo.InvariantCulture, $"{(device.State.Word == "turning" ? "turning " : "")}{degrees:0.#}°"),
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
        Wiring.Rotary knob => $"{knob.A} and {knob.B}",
        Wiring.Strip strip => $"{strip.Lights} lights on {strip.Bus}",
        Wiring.Stepper motor => string.Join(", ", motor.Coils),
        Wiring.TwoWay motor => $"{motor.OpenLine} and {motor.CloseLine}",
        Wiring.Remote remote => remote.Topic.ToString(),
        Wiring.Measuring measuring => measuring.Sensor.Source.ToString(),
        _ => "",
    };
}
