using System.Device.Gpio;
using System.Device.Gpio.Drivers;

namespace Edge.Functions.Gpio;

/// <summary>
/// Finds chips by label. Numbers are not stable: the RP1 of a Raspberry Pi 5 was gpiochip4, then 0, then 11 to 15 with newer
/// kernels, and the parameterless GpioController takes chip 0 blindly (dotnet/iot#2489).
/// </summary>
public static class ChipFinder
{
    /// <summary>Labels of the 40-pin header's chip: Pi 5, Pi 4, Pi 1 to 3 and Zero.</summary>
    internal static readonly string[] HeaderLabels = ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"];

    private const int HeaderChipLines = 54;

    /// <summary>The chips of this machine, by libgpiod 2 and, where that is not installed, by libgpiod 1; empty where there is neither.</summary>
    public static IReadOnlyList<GpioChipInfo> Available()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        return TryList(LibGpiodV2Driver.GetAvailableChips) ?? TryList(LibGpiodDriver.GetAvailableChips) ?? [];
    }

    /// <summary>The chip meant by <paramref name="label"/>; null when there is none.</summary>
    /// <param name="label">A label, a name (<c>gpiochip0</c>), or <see cref="GpioSettings.Auto"/> for the header's chip.</param>
    public static GpioChipInfo? Pick(IReadOnlyList<GpioChipInfo> chips, string label)
    {
        if (label != GpioSettings.Auto)
        {
            return chips.FirstOrDefault(c => c.Label == label) ?? chips.FirstOrDefault(c => c.Name == label);
        }

        foreach (string header in HeaderLabels)
        {
            if (chips.FirstOrDefault(c => c.Label == header) is { } chip)
            {
                return chip;
            }
        }

        return chips.FirstOrDefault(c => c.NumLines == HeaderChipLines);
    }

    /// <summary>Opens a chip; libgpiod 2, then 1, unless the settings name one.</summary>
    /// <exception cref="HardwareFault">Neither library could open it.</exception>
    public static GpioController Open(GpioChipInfo chip, string driver)
    {
        var causes = new List<Exception>();
        foreach (string version in driver == GpioSettings.Auto ? ["libgpiod2", "libgpiod1"] : new[] { driver })
        {
            try
            {
                return new GpioController(version == "libgpiod2" ? new LibGpiodV2Driver(chip.Id) : new LibGpiodDriver(chip.Id));
            }
            catch (Exception e) when (IsMissingOrRefused(e))
            {
                causes.Add(e);
            }
        }

        throw new HardwareFault(
            $"Chip {chip.Label} cannot be opened by {driver}: {causes[^1].Message.TrimEnd('.')}. Install libgpiod3 or libgpiod2 and let the user read and write /dev/{chip.Name} (group gpio).",
            new AggregateException(causes));
    }

    private static IReadOnlyList<GpioChipInfo>? TryList(Func<IList<GpioChipInfo>> list)
    {
        try
        {
            return [.. list()];
        }
        catch (Exception e) when (IsMissingOrRefused(e))
        {
            return null;
        }
    }

    private static bool IsMissingOrRefused(Exception e) =>
        e is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException or PlatformNotSupportedException
            or IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException
            || e.GetType().Namespace?.StartsWith("System.Device", StringComparison.Ordinal) == true;
}
