using System.Device.Gpio;
using Edge.Functions.Buses;
using Edge.Functions.Devices;
using Edge.Functions.Devices.Remote;
using Edge.Functions.Displays;
using Edge.Functions.Gpio;
using Edge.Functions.Pwm;
using Edge.Functions.Sensors.Parts;

namespace Edge.Functions;

/// <summary>The board's chips and buses, open or simulated, and what opens devices on them.</summary>
internal sealed class Hardware : IDisposable
{
    private readonly PartBoard _parts;

    private Hardware(GpioBoard gpio, PartBoard parts, DisplayBoard displays, RemoteBus remote, DeviceOpener opener)
    {
        _parts = parts;
        Displays = displays;
        Remote = remote;
        Gpio = gpio;
        Opener = opener;
    }

    public GpioBoard Gpio { get; }

    public DisplayBoard Displays { get; }

    public RemoteBus Remote { get; }

    public DeviceOpener Opener { get; }

    /// <param name="chips">The machine's chips; null asks libgpiod.</param>
    /// <exception cref="HardwareFault">The default chip cannot be had.</exception>
    public static Hardware Open(HouseSettings settings, TimeProvider clock, Func<IReadOnlyList<GpioChipInfo>>? chips)
    {
        return On(GpioBoard.Open(settings.Gpio, chips ?? ChipFinder.Available), settings, clock);
    }

    /// <param name="gpio">Taken over.</param>
    /// <param name="buses">Null for the kernel's, or none on a simulated board.</param>
    public static Hardware On(GpioBoard gpio, HouseSettings settings, TimeProvider clock, BusBoard? buses = null)
    {
        var pwm = gpio.IsSimulated ? PwmBoard.Simulated() : PwmBoard.Kernel(settings.SysfsRoot, clock);
        buses ??= gpio.IsSimulated ? null : BusBoard.Kernel(clock);
        gpio.Extend(settings.Expanders, buses);
        pwm.Extend(settings.Expanders, buses);
        pwm.Extend(gpio);
        var parts = new PartBoard(buses ?? BusBoard.None(clock));
        var remote = new RemoteBus();
        return new Hardware(gpio, parts, new DisplayBoard(gpio, buses), remote, new DeviceOpener(gpio, pwm, parts, buses, remote, settings.SysfsRoot, settings.ReadDeadline, clock));
    }

    public void Dispose()
    {
        _parts.Dispose();
        Gpio.Dispose();
    }
}
