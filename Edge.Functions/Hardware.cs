using System.Device.Gpio;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Pwm;

namespace Edge.Functions;

/// <summary>The board's chips and buses, open or simulated, and what opens devices on them.</summary>
internal sealed class Hardware : IDisposable
{
    private Hardware(GpioBoard gpio, DeviceOpener opener)
    {
        Gpio = gpio;
        Opener = opener;
    }

    public GpioBoard Gpio { get; }

    public DeviceOpener Opener { get; }

    /// <param name="chips">The machine's chips; null asks libgpiod.</param>
    /// <exception cref="HardwareFault">The default chip cannot be had.</exception>
    public static Hardware Open(HouseSettings settings, TimeProvider clock, Func<IReadOnlyList<GpioChipInfo>>? chips)
    {
        return On(GpioBoard.Open(settings.Gpio, chips ?? ChipFinder.Available), settings, clock);
    }

    /// <param name="gpio">Taken over.</param>
    public static Hardware On(GpioBoard gpio, HouseSettings settings, TimeProvider clock)
    {
        var pwm = gpio.IsSimulated ? PwmBoard.Simulated() : PwmBoard.Kernel(settings.SysfsRoot);
        return new Hardware(gpio, new DeviceOpener(gpio, pwm, settings.SysfsRoot, settings.ReadDeadline, clock));
    }

    public void Dispose() => Gpio.Dispose();
}
