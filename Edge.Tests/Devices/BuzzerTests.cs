using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Functions.Pwm;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Devices;

/// <summary>Tones and melodies on PWM.</summary>
public sealed class BuzzerTests : IDisposable
{
    private readonly TestHouse _house = new("""
        devices:
          - {name: horn, kind: buzzer, pwm: {channel: 0, frequency: 2500}, melodies: {dinner: "c5 200, rest 100, 440 300"}, pulseMax: 5s}
          - {name: plain, kind: buzzer, line: 16}
        functions:
          - {name: hum, description: Hum, parameters: {type: object, properties: {hz: {type: integer, minimum: 20, maximum: 20000}}, required: [hz]}, action: {tone: horn, hz: "{hz}", for: 500ms}}
        """);

    public void Dispose() => _house.Dispose();

    /// <summary>ISO 16: a4 is 440 Hz; equal temperament gives c5 523.25 Hz.</summary>
    [Fact]
    public void A_melody_is_played_note_by_note_and_ends_in_silence()
    {
        Assert.Equal("Horn plays dinner.", _house.Call("play_melody", """{"melody":"dinner"}""").Sentence);
        Assert.Equal((523, "on"), (Channel.Frequency, Word));
        Advance(200);
        Assert.Equal("off", Word);
        Advance(100);
        Assert.Equal((440, "on"), (Channel.Frequency, Word));
        Advance(300);
        Assert.Equal("off", Word);
    }

    [Fact]
    public void A_single_tone_has_its_frequency_and_its_time()
    {
        Assert.Equal("Horn plays 880 Hz.", _house.Call("hum", """{"hz":880}""").Sentence);
        Assert.Equal((880, 0.5), (Channel.Frequency, Channel.DutyCycle));
        Advance(500);
        Assert.Equal(0, Channel.DutyCycle);
    }

    [Fact]
    public void A_beep_has_the_buzzer_s_own_tone_again()
    {
        _house.Call("hum", """{"hz":880}""");
        _house.Call("sound_buzzer", """{"buzzer":"horn","times":1}""");
        Assert.Equal(2500, Channel.Frequency);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(20_000)]
    public void A_tone_nobody_should_hear_is_refused_by_the_gate(int hz)
    {
        Assert.Equal($"Horn may not be set to {hz} Hz; use 100 to 10000.", Assert.IsType<FunctionResult.Denied>(_house.Call("hum", $$"""{"hz":{{hz}}}""")).Sentence, ignoreCase: true);
        Assert.Equal(0, Channel.DutyCycle);
    }

    [Fact]
    public void A_tone_longer_than_a_pulse_may_be_is_refused()
    {
        var action = new DeviceAction.Play(_house.Device("horn").Declaration, Melody.Tone(440, TimeSpan.FromSeconds(6)));
        Assert.Contains("too long for horn; use at most 5s", Assert.IsType<FunctionResult.Denied>(_house.House.Dispatcher.Invoke(action, TestContext.Current.CancellationToken)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_in_the_middle_of_a_melody_is_silence_that_lasts()
    {
        _house.Call("play_melody", """{"melody":"alarm"}""");
        _house.House.GoSafe();
        Advance(5_000);
        Assert.Equal((0, "off"), (Channel.DutyCycle, Word));
    }

    [Fact]
    public void A_buzzer_with_a_tone_of_its_own_plays_nothing() =>
        Assert.Equal(["dinner", "doorbell", "success", "failure", "alarm"], _house.House.Catalog.Functions.Single(f => f.Name == "play_melody").Definition.Parameters.GetProperty("properties").GetProperty("melody").GetProperty("enum").EnumerateArray().Select(e => e.GetString()!));

    [Theory]
    [InlineData("c5", null)]
    [InlineData("h5 200", null)]
    [InlineData("c5 5", null)]
    [InlineData("c5 20000", null)]
    [InlineData("", null)]
    [InlineData("a4 10, f#4 10, 1000 10, rest 10", "440 370 1000 0")]
    public void Notes_are_read_or_refused(string text, string? hz) =>
        Assert.Equal(hz, Melody.Parse("m", text) is { } melody ? string.Join(' ', melody.Notes.Select(n => n.Hz)) : null);

    [Fact]
    public void Wrong_notes_are_one_line() => Assert.Contains(
        "devices[0].melodies.x is \"c5\"; give 1 to 64 notes with milliseconds (10 to 10000), as \"c5 200, f#4 100, rest 50, 440 1000\" (edge.yaml, line 1).",
        TestHouse.FaultsOf("devices: [{name: b, kind: buzzer, pwm: 0, melodies: {x: c5}}]"));

    private string Word => _house.Device("horn").State.Word;

    private SimulatedPwmChannel Channel => ((BuzzerDevice)_house.Device("horn")).Simulation!;

    private void Advance(int ms) => _house.Clock.Advance(TimeSpan.FromMilliseconds(ms));
}
