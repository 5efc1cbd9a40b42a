using System.Device.Gpio;
using Edge.Functions.Gpio;
using Xunit;

namespace Edge.Tests.Gpio;

public class ChipFinderTests
{
    private static readonly GpioChipInfo Rp1 = new(11, "gpiochip11", "pinctrl-rp1", 54);
    private static readonly GpioChipInfo Brcm = new(0, "gpiochip0", "gpio-brcmstb@107d508500", 32);
    private static readonly GpioChipInfo Laptop = new(0, "gpiochip0", "AMDI0030:00", 184);

    [Fact]
    public void The_header_is_found_by_its_label_whatever_its_number() => Assert.Equal(Rp1, ChipFinder.Pick([Brcm, Rp1], "auto"));

    [Fact]
    public void A_chip_of_54_lines_stands_in_for_an_unknown_header()
    {
        var future = new GpioChipInfo(3, "gpiochip3", "pinctrl-rp9", 54);
        Assert.Equal(future, ChipFinder.Pick([Brcm, future], "auto"));
    }

    [Fact]
    public void A_laptop_s_chip_is_never_taken_for_a_header() => Assert.Null(ChipFinder.Pick([Laptop], "auto"));

    [Fact]
    public void A_label_or_a_name_picks_a_chip()
    {
        Assert.Equal(Laptop, ChipFinder.Pick([Rp1, Laptop], "AMDI0030:00"));
        Assert.Equal(Rp1, ChipFinder.Pick([Rp1, Laptop], "gpiochip11"));
        Assert.Null(ChipFinder.Pick([Rp1], "nothing"));
    }

    [Fact]
    public void Without_a_header_the_board_is_simulated()
    {
        using var board = GpioBoard.Open(new GpioSettings(), () => [Laptop]);
        Assert.True(board.IsSimulated);
        Assert.NotNull(board.Chip("mcp23017").Simulation);
        Assert.Same(board.Default, board.Chip(null));
    }

    [Fact]
    public void A_chip_that_was_named_and_is_not_there_stops_the_start()
    {
        var settings = new GpioSettings("pinctrl-rp1") { Place = "edge.yaml, line 3" };
        var fault = Assert.Throws<HardwareFault>(() => GpioBoard.Open(settings, () => [Laptop]));
        Assert.Equal("gpio.chip is pinctrl-rp1, which this machine does not have; use AMDI0030:00, simulated (edge.yaml, line 3).", fault.Message);
    }

    [Fact]
    public void Asking_for_simulation_asks_no_hardware()
    {
        using var board = GpioBoard.Open(new GpioSettings(Driver: "simulated"), () => throw new InvalidOperationException("asked"));
        Assert.True(board.IsSimulated);
    }

    [Fact]
    public void Listing_the_chips_of_this_machine_never_throws() => Assert.NotNull(ChipFinder.Available());
}
