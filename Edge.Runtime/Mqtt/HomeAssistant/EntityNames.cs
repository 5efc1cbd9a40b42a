namespace Edge.Runtime.Mqtt.HomeAssistant;

/// <summary>Quantities in Home Assistant's words (its list of device classes for sensors).</summary>
internal static class EntityNames
{
    /// <returns>Null where Home Assistant has no class for it.</returns>
    public static string? DeviceClass(string quantity, string unit) => (quantity, unit) switch
    {
        ("temperature", "°C") => "temperature",
        ("humidity", "%") => "humidity",
        ("pressure", "hPa") => "atmospheric_pressure",
        ("light level", "lx") => "illuminance",
        ("voltage", "V") => "voltage",
        ("current", "A") => "current",
        ("power", "W") => "power",
        ("distance", "cm") => "distance",
        ("co2", "ppm") => "carbon_dioxide",
        ("soil moisture", "%") => "moisture",
        ("battery", "%") => "battery",
        ("noise", "dB") => "sound_pressure",
        _ => null,
    };
}
