using Edge.Functions.Settings;

namespace Edge.Functions.Gpio;

/// <summary>Which chip drives the lines.</summary>
/// <param name="Chip">The label of the default chip (<c>gpioinfo</c> shows labels), or <c>auto</c>: the header of a Raspberry Pi, else a simulated chip.</param>
/// <param name="Driver"><c>auto</c> (libgpiod 2, then 1), <c>libgpiod2</c>, <c>libgpiod1</c> or <c>simulated</c>.</param>
public sealed record GpioSettings(string Chip = GpioSettings.Auto, string Driver = GpioSettings.Auto)
{
    public const string Auto = "auto";
    public const string Simulated = "simulated";

    /// <summary>The file in which a simulated chip keeps its levels, so that they outlast the process as a relay's do; null for memory alone.</summary>
    public string? Levels { get; init; }

    /// <summary>The settings ask for simulated lines. Left to Edge, a machine without a header has them as well.</summary>
    public bool AsksForSimulation => Driver == Simulated || Chip == Simulated;

    /// <summary>Where <see cref="Chip"/> was set, for messages: <c>edge.yaml, line 3</c>.</summary>
    public string Place { get; init; } = "";

    public static GpioSettings Read(SettingsSection gpio)
    {
        var chip = gpio.Value("chip");
        var settings = new GpioSettings(chip.Text(Auto), gpio.Choice("driver", Auto, Auto, "libgpiod2", "libgpiod1", Simulated)) { Place = chip.Place, Levels = gpio.OptionalText("levels", 4096) };
        gpio.Done();
        return settings;
    }
}
