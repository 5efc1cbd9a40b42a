using System.Device.Gpio;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;

namespace Edge.Functions;

/// <summary>
/// Opens devices: outputs first, each at its safe value from then on, and all of them even when one cannot be had. After a crash the
/// lines still stand as they were left, and nothing may come before their being made safe.
/// </summary>
internal static class OutputsFirst
{
    /// <returns>One sentence for each device that could not be opened.</returns>
    public static IReadOnlyList<string> Open(IReadOnlyList<DeviceDeclaration> devices, DeviceOpener opener, DeviceRegistry registry)
    {
        var faults = new List<string>();
        Open(devices.Where(IsOutput));
        if (faults.Count == 0)
        {
            Open(devices.Where(d => !IsOutput(d)));
        }

        return faults;

        void Open(IEnumerable<DeviceDeclaration> some)
        {
            foreach (var device in some)
            {
                try
                {
                    registry.Add(opener.Open(device));
                }
                catch (HardwareFault e)
                {
                    faults.Add($"{e.Message.TrimEnd('.')} ({device.Place}).");
                }
            }
        }
    }

    /// <summary>Opens every output and gives it back safe; opens nothing else. For the moment after a crash.</summary>
    /// <param name="clock">For devices; nothing waits.</param>
    /// <param name="chips">The machine's chips; null asks libgpiod.</param>
    /// <returns>How many outputs are safe, and one sentence for each that is not.</returns>
    public static (int Safe, IReadOnlyList<string> Faults) MakeSafe(HouseSettings settings, TimeProvider clock, Func<IReadOnlyList<GpioChipInfo>>? chips = null) =>
        MakeSafe(settings, Hardware.Open(settings, clock, chips));

    /// <param name="hardware">Taken over.</param>
    internal static (int Safe, IReadOnlyList<string> Faults) MakeSafe(HouseSettings settings, Hardware hardware)
    {
        using var owned = hardware;
        using var registry = new DeviceRegistry();
        var faults = Open([.. settings.Devices.Where(IsOutput)], hardware.Opener, registry);
        return (registry.Devices.Count, faults);
    }

    private static bool IsOutput(DeviceDeclaration device) => device.Wiring is not (Wiring.Input or Wiring.Rotary or Wiring.Measuring or Wiring.Remote);
}
