using Edge.Functions.Buses;
using Edge.Functions.Sensors.Parts;

namespace Edge.Functions.Sensors;

/// <summary>Where a sensor's number comes from.</summary>
public abstract record SensorSource
{
    private SensorSource()
    {
    }

    /// <summary>An IIO device under <c>/sys/bus/iio/devices</c>.</summary>
    /// <param name="Device">What its <c>name</c> file says (<c>dht11</c>, <c>bme280</c>), or <c>iio:device0</c>.</param>
    /// <param name="Channel">As in <c>in_CHANNEL_input</c>: <c>temp</c>, <c>humidityrelative</c>, <c>voltage0</c>.</param>
    public sealed record Iio(string Device, string Channel) : SensorSource
    {
        public override string ToString() => $"IIO channel {Channel} of {Device}";
    }

    /// <summary>A hwmon device under <c>/sys/class/hwmon</c>.</summary>
    /// <param name="Channel">As in <c>CHANNEL_input</c>: <c>temp1</c>.</param>
    public sealed record Hwmon(string Device, string Channel) : SensorSource
    {
        public override string ToString() => $"hwmon channel {Channel} of {Device}";
    }

    /// <summary>A file with one number in it, relative to the sysfs root or absolute.</summary>
    public sealed record NumberFile(string Path) : SensorSource
    {
        public override string ToString() => Path;
    }

    /// <summary>A thermometer on the 1-wire bus, through the kernel's w1_therm (thousandths of a degree).</summary>
    /// <param name="Number"><c>28-000000000000</c>.</param>
    public sealed record OneWire(string Number) : SensorSource
    {
        public override string ToString() => $"1-wire thermometer {Number}";
    }

    /// <summary>A part on I2C or SPI, through Iot.Device.Bindings.</summary>
    /// <param name="Kind"><c>bme280</c>, <c>ads1115</c>, …</param>
    /// <param name="Channel">Of the part: <c>humidity</c>, <c>ain0</c>.</param>
    public sealed record Part(string Kind, BusAddress Address, string Channel, PartOptions Options) : SensorSource
    {
        public override string ToString() => $"{Channel} of the {Kind} on {Address}";
    }

    /// <summary>Another board measures it.</summary>
    /// <param name="Id">The board's.</param>
    public sealed record Board(string Id) : SensorSource
    {
        public override string ToString() => $"board {Id}";
    }

    /// <summary>A number that the owner set.</summary>
    public sealed record Simulated(double Value) : SensorSource
    {
        public override string ToString() => "simulated";
    }
}
