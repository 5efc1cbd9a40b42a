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

    /// <summary>A number that the owner set.</summary>
    public sealed record Simulated(double Value) : SensorSource
    {
        public override string ToString() => "simulated";
    }
}
