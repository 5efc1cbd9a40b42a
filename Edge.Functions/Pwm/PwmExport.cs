using System.Globalization;

namespace Edge.Functions.Pwm;

/// <summary>
/// Makes a channel's files appear, and waits until they may be written: they belong to root at first, and udev hands them to the group a
/// moment later. System.Device.Pwm waits for the folder alone, and udev's rules reach that before the files in it.
/// Source: Linux, Documentation/ABI/testing/sysfs-class-pwm.
/// </summary>
internal static class PwmExport
{
    private static readonly string[] Files = ["period", "duty_cycle", "enable"];

    /// <summary>Longer than udev takes on a busy Pi Zero; who has no right to the files waits so long for the message that says so.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <param name="chipFolder"><c>/sys/class/pwm/pwmchip0</c></param>
    /// <returns>The channel's folder. Whether its files may be written now is for the one to say that writes them.</returns>
    /// <exception cref="IOException">The channel is not there, or somebody else has exported it just now.</exception>
    /// <exception cref="UnauthorizedAccessException">The chip's files may not be written.</exception>
    public static string Open(string chipFolder, int channel, TimeProvider clock)
    {
        string folder = Path.Combine(chipFolder, string.Create(CultureInfo.InvariantCulture, $"pwm{channel}"));
        string export = Path.Combine(chipFolder, "export");
        if (!Directory.Exists(folder) && File.Exists(export))
        {
            File.WriteAllText(export, channel.ToString(CultureInfo.InvariantCulture));
        }

        long start = clock.GetTimestamp();
        while (Files.Any(file => IsDenied(Path.Combine(folder, file))) && clock.GetElapsedTime(start) < Patience)
        {
            Task.Delay(Pause, clock).Wait();
        }

        return folder;
    }

    private static bool IsDenied(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
