using System.Device.Pwm;
using System.Globalization;
using Edge.Functions.Gpio;
using Edge.Functions.Pwm;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Pwm;

public sealed class PwmOutputTests : IDisposable
{
    private readonly FakeSysfs _sys = new();

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void The_duty_is_read_back_from_the_kernel()
    {
        using var output = OpenKernel("1f00098000.pwm");
        output.Write(0.4, Permits.For("lamp"));
        Assert.Equal(0.4, output.Read(), 3);
        _sys.Write("class/pwm/pwmchip2/pwm0/duty_cycle", "0");
        Assert.Equal(0, output.Read());
    }

    [Fact]
    public void A_duty_that_reads_back_otherwise_is_a_fault()
    {
        using var output = PwmBoard.Simulated().Open(new PwmAddress("auto", 0), "lamp", 1000);
        output.Simulation!.Stuck = true;
        var fault = Assert.Throws<HardwareFault>(() => output.Write(0.5, Permits.For("lamp")));
        Assert.Equal("PWM channel 0 of the header was set to 50 % but reads 0 %.", fault.Message);
    }

    [Fact]
    public void A_permit_for_another_device_writes_nothing()
    {
        using var output = PwmBoard.Simulated().Open(new PwmAddress("auto", 0), "lamp", 1000);
        Assert.Throws<InvalidOperationException>(() => output.Write(1, Permits.For("heater")));
        Assert.Equal(0, output.Read());
    }

    [Fact]
    public void It_is_safe_from_the_start_and_again_when_disposed()
    {
        var output = PwmBoard.Simulated().Open(new PwmAddress("auto", 0), "lamp", 1000, safeDuty: 0.2);
        var channel = output.Simulation!;
        Assert.Equal(0.2, channel.DutyCycle);
        output.Write(0.9, Permits.For("lamp"));
        output.Dispose();
        Assert.Equal(0.2, channel.DutyCycle);
    }

    [Fact]
    public void A_chip_is_found_by_its_device_whatever_its_number()
    {
        AddChips();
        var chips = PwmChipFinder.Available(_sys.Root);
        Assert.Equal(2, PwmChipFinder.Pick(chips, "auto"));
        Assert.Equal(0, PwmChipFinder.Pick(chips, "107d517a80.pwm"));
        Assert.Equal(0, PwmChipFinder.Pick(chips, "pwmchip0"));
        Assert.Null(PwmChipFinder.Pick(chips, "pwmchip7"));
    }

    [Fact]
    public void Without_PWM_the_way_out_is_named()
    {
        var fault = Assert.Throws<HardwareFault>(() => PwmBoard.Kernel(_sys.Root, TimeProvider.System).Open(new PwmAddress("auto", 0), "lamp", 1000));
        Assert.Equal("PWM channel 0 of the header for lamp is not there; enable PWM with \"dtoverlay=pwm-2chan\" in config.txt.", fault.Message);
    }

    // A folder in the place of a file is denied to root, too, whom modes do not stop.
    [Fact]
    public async Task A_channel_waits_until_udev_has_handed_over_its_files()
    {
        AddChips();
        var clock = new FakeTimeProvider();
        foreach (string file in (string[])["period", "duty_cycle"])
        {
            _sys.Write($"class/pwm/pwmchip2/pwm0/{file}", "0\n");
        }

        string enable = Path.Combine(_sys.Root, "class/pwm/pwmchip2/pwm0/enable");
        Directory.CreateDirectory(enable);
        var opening = Task.Run(() => PwmExport.Open(Path.Combine(_sys.Root, "class/pwm/pwmchip2"), 0, clock), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.False(opening.IsCompleted);
        Directory.Delete(enable);
        _sys.Write("class/pwm/pwmchip2/pwm0/enable", "0\n");
        do
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }
        while (!SpinWait.SpinUntil(() => opening.IsCompleted, TimeSpan.FromMilliseconds(100)));

        await opening;
        Assert.True(clock.GetUtcNow() < clock.Start + TimeSpan.FromSeconds(2), "It has waited for all its patience.");
    }

    [Fact]
    public async Task It_does_not_wait_for_ever_for_files_that_stay_denied()
    {
        AddChips();
        var clock = new FakeTimeProvider();
        Directory.CreateDirectory(Path.Combine(_sys.Root, "class/pwm/pwmchip2/pwm0/enable"));
        var opening = Task.Run(() => PwmExport.Open(Path.Combine(_sys.Root, "class/pwm/pwmchip2"), 0, clock), TestContext.Current.CancellationToken);
        while (!opening.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.EndsWith("pwm0", await opening, StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_that_is_not_there_yet_is_exported()
    {
        AddChips();
        _sys.Write("class/pwm/pwmchip2/export", "");
        PwmExport.Open(Path.Combine(_sys.Root, "class/pwm/pwmchip2"), 1, TimeProvider.System);
        Assert.Equal("1", File.ReadAllText(Path.Combine(_sys.Root, "class/pwm/pwmchip2/export")));
    }

    private PwmOutput OpenKernel(string chip)
    {
        AddChips();
        return PwmBoard.Kernel(_sys.Root, TimeProvider.System, (number, channel, hz) => new FileChannel(_sys, number, channel, hz)).Open(new PwmAddress(chip, 0), "lamp", 1000);
    }

    private void AddChips()
    {
        _sys.Link("class/pwm/pwmchip0/device", "devices/platform/107d517a80.pwm");
        _sys.Link("class/pwm/pwmchip2/device", "devices/platform/1f00098000.pwm");
    }

    /// <summary>Writes files as the kernel's interface has them.</summary>
    private sealed class FileChannel(FakeSysfs sys, int chip, int channel, int frequencyHz) : PwmChannel
    {
        private readonly string _folder = string.Create(CultureInfo.InvariantCulture, $"class/pwm/pwmchip{chip}/pwm{channel}/");

        public override int Frequency { get; set; } = frequencyHz;

        public override double DutyCycle
        {
            get => throw new NotSupportedException("Edge reads the files.");
            set
            {
                long periodNs = 1_000_000_000L / Frequency;
                sys.Write(_folder + "period", periodNs.ToString(CultureInfo.InvariantCulture) + "\n");
                sys.Write(_folder + "duty_cycle", ((long)(periodNs * value)).ToString(CultureInfo.InvariantCulture) + "\n");
            }
        }

        public override void Start() => sys.Write(_folder + "enable", "1\n");

        public override void Stop() => sys.Write(_folder + "enable", "0\n");
    }
}
