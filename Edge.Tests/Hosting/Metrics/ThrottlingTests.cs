using Edge.Runtime.Hosting.Metrics;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Hosting.Metrics;

public sealed class ThrottlingTests : IDisposable
{
    private readonly TemporaryFolder _sys = new();

    [Theory]
    [InlineData("soc/soc:firmware", "50005")]
    [InlineData("soc@107c000000/soc@107c000000:firmware", "0x50005\n")]
    public void The_firmware_s_bits_are_named(string folder, string bits)
    {
        Write($"devices/platform/{folder}/get_throttled", bits);
        var held = Throttling.Read(_sys.FullName)!;
        Assert.Equal(["undervoltage", "throttled"], held.Now);
        Assert.Equal(["undervoltage", "throttled"], held.Before);
    }

    [Fact]
    public void Nothing_held_back_is_told_as_such()
    {
        Write("devices/platform/soc/soc:firmware/get_throttled", "0");
        var held = Throttling.Read(_sys.FullName)!;
        Assert.Empty(held.Now);
        Assert.Empty(held.Before);
    }

    [Fact]
    public void Without_the_firmware_s_word_the_kernel_s_alarm_counts()
    {
        Write("class/hwmon/hwmon3/name", "rpi_volt\n");
        Write("class/hwmon/hwmon3/in0_lcrit_alarm", "1\n");
        Assert.Equal(["undervoltage"], Throttling.Read(_sys.FullName)!.Now);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no number")]
    public void A_board_that_does_not_tell_is_unknown(string? text)
    {
        if (text is not null)
        {
            Write("devices/platform/soc/soc:firmware/get_throttled", text);
        }

        Assert.Null(Throttling.Read(_sys.FullName));
    }

    public void Dispose() => _sys.Dispose();

    private void Write(string path, string text)
    {
        string file = _sys.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
