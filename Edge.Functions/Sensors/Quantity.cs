namespace Edge.Functions.Sensors;

/// <summary>What a sensor measures.</summary>
/// <param name="Name">As the owner says it: <c>temperature</c>, <c>soil moisture</c>.</param>
/// <param name="Key">In function names and results: <c>soil_moisture</c>.</param>
/// <param name="Unit">Unless the owner gives another.</param>
/// <param name="Decimals">Digits that mean something; more would cost tokens and say nothing.</param>
/// <param name="Min">A number outside is no reading, unless the owner says otherwise.</param>
public sealed record Quantity(string Name, string Key, string Unit, int Decimals, double Min, double Max)
{
    private static readonly Quantity[] Known =
    [
        new("temperature", "temperature", "°C", 1, -60, 150),
        new("humidity", "humidity", "%", 1, 0, 100),
        new("pressure", "pressure", "hPa", 1, 300, 1200),
        new("light level", "light_level", "lx", 0, 0, 200_000),
        new("voltage", "voltage", "V", 2, -1000, 1000),
        new("current", "current", "A", 2, -1000, 1000),
        new("power", "power", "W", 1, -100_000, 100_000),
        new("distance", "distance", "cm", 1, 0, 10_000),
        new("co2", "co2", "ppm", 0, 0, 100_000),
        new("soil moisture", "soil_moisture", "%", 0, 0, 100),
        new("water level", "water_level", "%", 0, 0, 100),
        new("battery", "battery", "%", 0, 0, 100),
        new("noise", "noise", "dB", 0, 0, 200),
    ];

    /// <summary>A known quantity, or one of the owner's own with two decimals and no unit.</summary>
    public static Quantity Of(string name)
    {
        string plain = name.Trim().Replace('_', ' ').ToLowerInvariant();
        return Known.FirstOrDefault(q => q.Name == plain)
            ?? new Quantity(plain, string.Concat(plain.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')), "", 2, double.MinValue, double.MaxValue);
    }
}
