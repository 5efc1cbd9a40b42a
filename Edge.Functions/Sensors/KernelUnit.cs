namespace Edge.Functions.Sensors;

/// <summary>
/// The units in which the kernel gives a channel, by the channel's name without its number.
/// Sources: Linux, Documentation/ABI/testing/sysfs-bus-iio and Documentation/hwmon/sysfs-interface.rst.
/// </summary>
public static class KernelUnit
{
    private static readonly (string Channel, double Factor)[] Iio =
    [
        ("temp", 0.001),             // milli °C → °C
        ("humidityrelative", 0.001), // milli % → %
        ("pressure", 10),            // kPa → hPa
        ("illuminance", 1),          // lx
        ("voltage", 0.001),          // mV → V
        ("current", 0.001),          // mA → A
        ("power", 0.001),            // mW → W
        ("distance", 100),           // m → cm
        ("concentration_co2", 10_000), // % → ppm
    ];

    private static readonly (string Channel, double Factor)[] Hwmon =
    [
        ("temp", 0.001),
        ("humidity", 0.001),
        ("in", 0.001),
        ("curr", 0.001),
        ("power", 0.000_001),        // µW → W
        ("fan", 1),                  // revolutions a minute
        ("freq", 1),                 // Hz
    ];

    /// <summary>What to multiply an IIO channel's processed value with; 1 for a channel not in the list.</summary>
    public static double OfIio(string channel) => Find(Iio, channel);

    /// <summary>As <see cref="OfIio"/>, for hwmon.</summary>
    public static double OfHwmon(string channel) => Find(Hwmon, channel);

    private static double Find((string Channel, double Factor)[] units, string channel)
    {
        string bare = channel.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        foreach (var (name, factor) in units)
        {
            if (name == channel || name == bare)
            {
                return factor;
            }
        }

        return 1;
    }
}
