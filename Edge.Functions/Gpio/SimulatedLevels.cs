using System.Device.Gpio;
using System.Globalization;

namespace Edge.Functions.Gpio;

/// <summary>
/// A file with a line for each write to a simulated chip, in order: <c>17 high</c>. The last of a line is its level, also when the
/// process that wrote it was killed, as a real line stays as it was left.
/// </summary>
public sealed class SimulatedLevels : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;

    private SimulatedLevels(string path, FileStream file)
    {
        _path = path;
        _file = file;
    }

    /// <exception cref="HardwareFault">It cannot be read or written; one sentence.</exception>
    public static SimulatedLevels Open(string path)
    {
        try
        {
            return new SimulatedLevels(path, new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HardwareFault($"The levels of the simulated chip cannot be kept in {path} ({e.Message.TrimEnd('.')}); correct gpio.levels.", e);
        }
    }

    /// <summary>The levels as they were left; a torn last line counts for nothing.</summary>
    public Dictionary<int, PinValue> Read()
    {
        var levels = new Dictionary<int, PinValue>();
        using var reader = new StreamReader(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ') is [var offset, "high" or "low"] && int.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                levels[number] = line.EndsWith("high", StringComparison.Ordinal);
            }
        }

        return levels;
    }

    /// <summary>In the kernel's hands when it returns: a killed process takes nothing of it along.</summary>
    public void Append(int line, PinValue level) =>
        _file.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{line} {(level == PinValue.High ? "high" : "low")}\n")));

    public void Dispose() => _file.Dispose();
}
