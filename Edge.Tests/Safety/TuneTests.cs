using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Displays;
using Edge.Functions.Pwm;
using Edge.Functions.Safety;
using Xunit;

namespace Edge.Tests.Safety;

/// <summary>Tones, colours and effects at the gate: every note in range, the whole no longer than a pulse may be, and nothing for what is not exposed.</summary>
public class TuneTests
{
    private static readonly Wiring.Tone Tone = new(new PwmAddress("auto", 0), 2000, []);

    private static readonly DeviceDeclaration Horn =
        new("horn", null, DeviceKind.Buzzer, Tone, new DeviceLimits(PulseMax: TimeSpan.FromSeconds(5), ToneMin: 100, ToneMax: 4000), true, "edge.yaml, line 7");

    private static readonly DeviceDeclaration Shelf =
        new("shelf", null, DeviceKind.Strip, new Wiring.Strip(new(0, 0), 3), new DeviceLimits(), true, "edge.yaml, line 8");

    [Theory]
    [InlineData(100, 5000)]
    [InlineData(4000, 1)]
    public void A_tone_within_its_limits_is_allowed(int hz, int ms) => Assert.Null(Objection(new DeviceAction.Play(Horn, Melody.Tone(hz, TimeSpan.FromMilliseconds(ms)))));

    [Theory]
    [InlineData(99, 100, "horn may not be set to 99 Hz; use 100 to 4000.")]
    [InlineData(4001, 100, "horn may not be set to 4001 Hz; use 100 to 4000.")]
    [InlineData(440, 0, "A pulse of 0ms is none; use 1ms to 5s.")]
    [InlineData(440, 5001, "A pulse of 5001ms is too long for horn; use at most 5s, or raise its pulseMax (edge.yaml, line 7).")]
    public void A_tone_outside_is_refused(int hz, int ms, string message) => Assert.Equal(message, Objection(new DeviceAction.Play(Horn, Melody.Tone(hz, TimeSpan.FromMilliseconds(ms)))));

    [Fact]
    public void A_rest_has_no_pitch_to_refuse_and_counts_as_time()
    {
        Note rest = new(0, TimeSpan.FromSeconds(3)), low = new(50, TimeSpan.FromMilliseconds(10));
        Assert.Null(Objection(new DeviceAction.Play(Horn, new Melody("m", [rest]))));
        Assert.StartsWith("A pulse of 6s is too long", Objection(new DeviceAction.Play(Horn, new Melody("m", [rest, rest]))), StringComparison.Ordinal);
        Assert.StartsWith("horn may not be set to 50 Hz", Objection(new DeviceAction.Play(Horn, new Melody("m", [rest, low]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_and_effect_need_a_light_that_has_them_and_is_exposed()
    {
        Assert.Null(Objection(new DeviceAction.SetColour(Shelf, new Rgb(1, 2, 3))));
        Assert.Null(Objection(new DeviceAction.SetEffect(Shelf, LightEffect.Fade)));
        Assert.Equal("horn is a buzzer and cannot do that.", Objection(new DeviceAction.SetColour(Horn, Rgb.Black)));
        Assert.Equal("horn is a buzzer and cannot do that.", Objection(new DeviceAction.SetEffect(Horn, LightEffect.Solid)));
        Assert.Equal("shelf is a strip and cannot do that.", Objection(new DeviceAction.Play(Shelf, Melody.Usual[0])));
        Assert.StartsWith("shelf is not exposed", Objection(new DeviceAction.SetColour(Shelf with { Expose = false }, Rgb.Black)), StringComparison.Ordinal);
    }

    private static string? Objection(DeviceAction action) =>
        (new SafetyPolicy().Check(BoundCall.Direct(action), DateTimeOffset.UnixEpoch, HouseState.Empty) as Verdict.Denied)?.Denial.Message;
}
