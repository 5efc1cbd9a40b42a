using System.Device.Gpio;
using Edge.Functions.Gpio;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Gpio;

public sealed class OutputLineTests : IDisposable
{
    private readonly SimulatedGpioDriver _driver = new();

    public void Dispose() => _driver.Dispose();

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, false)]
    public void A_line_is_safe_from_the_start_and_again_when_disposed(bool activeLow, bool safeActive, bool safeHigh)
    {
        _driver.Drive(17, !safeHigh);
        var line = Open(activeLow, safeActive);
        Assert.Equal(safeHigh, _driver.IsHigh(17));
        Assert.Equal(safeActive, line.Read());

        line.Write(!safeActive, Permits.For("lamp"));
        Assert.Equal(!safeHigh, _driver.IsHigh(17));

        line.Dispose();
        Assert.Equal(safeHigh, _driver.IsHigh(17));
    }

    [Fact]
    public void A_permit_for_another_device_writes_nothing()
    {
        using var line = Open();
        int writes = _driver.WriteCount;
        Assert.Throws<InvalidOperationException>(() => line.Write(true, Permits.For("heater")));
        Assert.Equal(writes, _driver.WriteCount);
    }

    [Fact]
    public void A_line_that_reads_back_otherwise_is_a_fault()
    {
        using var line = Open();
        _driver.Hold(17, false);
        var fault = Assert.Throws<HardwareFault>(() => line.Write(true, Permits.For("lamp")));
        Assert.Equal("Line 17 of header was set high but reads low.", fault.Message);
    }

    [Fact]
    public void A_line_that_does_not_answer_is_a_fault_and_can_still_be_disposed()
    {
        var line = Open();
        _driver.Break(17);
        Assert.Throws<HardwareFault>(() => line.Write(true, Permits.For("lamp")));
        Assert.Throws<HardwareFault>(() => line.Read());
        line.Dispose();
        line.Dispose();
    }

    [Fact]
    public void After_disposal_nothing_is_written()
    {
        var line = Open();
        line.Dispose();
        int writes = _driver.WriteCount;
        Assert.Throws<ObjectDisposedException>(() => line.Write(true, Permits.For("lamp")));
        Assert.Equal(writes, _driver.WriteCount);
    }

    [Fact]
    public void A_line_that_is_not_on_the_chip_is_refused_with_the_range()
    {
        using var chip = GpioChip.Simulated();
        var fault = Assert.Throws<HardwareFault>(() => chip.OpenOutput(54, "lamp"));
        Assert.Equal("Line 54 of simulated for lamp does not exist; use 0 to 53.", fault.Message);
    }

    [Fact]
    public void A_line_taken_twice_is_refused()
    {
        using var chip = GpioChip.Simulated();
        using var first = chip.OpenOutput(17, "lamp");
        var fault = Assert.Throws<HardwareFault>(() => chip.OpenOutput(17, "heater"));
        Assert.Equal("Line 17 of simulated for heater is taken already; choose another.", fault.Message);
    }

    private OutputLine Open(bool activeLow = false, bool safeActive = false)
    {
        var chip = new GpioChip("header", new GpioController(_driver), _driver);
        return chip.OpenOutput(17, "lamp", activeLow, safeActive);
    }
}
