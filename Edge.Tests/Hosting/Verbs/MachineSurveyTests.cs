using Edge.Functions.Survey;
using Edge.Runtime.Hosting.Verbs;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Hosting.Verbs;

public sealed class MachineSurveyTests : IDisposable
{
    private readonly FakeSysfs _sys = new();
    private readonly FakeSysfs _proc = new();

    public void Dispose()
    {
        _sys.Dispose();
        _proc.Dispose();
    }

    private MachineSurvey Survey => new(_sys.Root, _proc.Root);

    [Fact]
    public void Memory_that_is_enough_needs_no_way_out()
    {
        Memory(total: 4_000_000, available: 3_000_000);
        Assert.Equal([new Finding("board", "4.1 GB memory, 3.1 GB free; the model takes about 0.90 GB")], Survey.Memory(900_000_000));
    }

    [Fact]
    public void Memory_that_is_not_says_what_to_do()
    {
        Memory(total: 1_000_000, available: 400_000);
        Assert.Equal(
            [new Finding("board", "1.0 GB memory, 0.4 GB free; the model takes about 0.90 GB", "stop other programs, take a smaller model, or a board with more memory") { IsFault = true }],
            Survey.Memory(900_000_000));
    }

    [Fact]
    public void A_unit_that_would_kill_the_model_says_how_to_let_it_live()
    {
        Memory(total: 8_000_000, available: 7_000_000);
        _sys.Write("fs/cgroup/system.slice/edge.service/memory.max", "1073741824\n");
        Assert.Equal(
            new Finding("board", "the unit lets Edge take 1.07 GB, less than the model", "sudo systemctl edit edge: [Service] MemoryMax=2500M") { IsFault = true },
            Survey.Memory(2_000_000_000).Last());
        Assert.Single(Survey.Memory(900_000_000));
        _sys.Write("fs/cgroup/system.slice/edge.service/memory.max", "max\n");
        Assert.Single(Survey.Memory(2_000_000_000));
    }

    [Fact]
    public void Where_the_kernel_tells_nothing_nothing_is_said() => Assert.Empty(Survey.Look(null));

    [Theory]
    [InlineData("48500", "processor at 48.5 °C", null)]
    [InlineData("80000", "processor at 80.0 °C", "a Pi slows down from 80 °C on: fit a cooler")]
    public void A_hot_processor_wants_a_cooler(string milli, string text, string? wayOut)
    {
        _sys.Write("class/thermal/thermal_zone0/temp", milli + "\n");
        Assert.Equal([new Finding("board", text, wayOut)], Survey.Heat());
    }

    [Theory]
    [InlineData("0", "not held back", null)]
    [InlineData("1", "held back now: undervoltage", "use a supply of 5 V and 5 A (a Pi 4: 3 A) and a short cable")]
    [InlineData("50000", "was held back since its start: undervoltage, throttled", "use a supply of 5 V and 5 A (a Pi 4: 3 A) and a short cable")]
    [InlineData("6", "held back now: capped, throttled", "fit a cooler")]
    [InlineData("80000", "was held back since its start: hot", "fit a cooler")]
    public void A_board_that_is_held_back_wants_a_supply_or_a_cooler(string bits, string text, string? wayOut)
    {
        _sys.Write("devices/platform/soc/soc:firmware/get_throttled", bits + "\n");
        Assert.Equal([new Finding("board", text, wayOut)], Survey.Held());
    }

    private void Memory(long total, long available) => _proc.Write("meminfo", $"MemTotal:       {total} kB\nMemFree:        1 kB\nMemAvailable:   {available} kB\n");
}
