using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Handlers;

/// <summary>The edge.yaml that everybody starts with.</summary>
public sealed class SampleHomeTests : IDisposable
{
    private static readonly string Sample = Repository.Read("edge.yaml");

    private readonly TestHouse _house = new(Sample);

    public void Dispose() => _house.Dispose();

    [Fact]
    public void The_sample_has_the_functions_its_devices_need() => Assert.Equal(
        [
            "turn_on", "turn_off", "set_brightness", "move_cover", "set_position", "move_servo", "sound_buzzer",
            "read_temperature", "read_humidity", "get_state",
        ], _house.House.Catalog.Functions.Select(f => f.Name));

    [Fact]
    public void The_sample_is_wired_so_that_resets_switch_nothing() => Assert.Empty(ResetPull.Warnings(_house.Settings.Devices));

    [Fact]
    public void Its_commented_functions_are_right()
    {
        int start = Sample.IndexOf("# functions:", StringComparison.Ordinal);
        int end = Sample.IndexOf("\n\n", start, StringComparison.Ordinal);
        string functions = Sample[start..end].Replace("# ", "", StringComparison.Ordinal);
        Assert.Contains(TestHouse.ReadSettings(Sample[..start] + functions).Functions, f => f.Name == "good_night");
    }

    [Theory]
    [InlineData("turn_on", """{"device":"kitchen light"}""", """{"ok":true}""", "Kitchen light is on.")]
    [InlineData("turn_on", """{"device":"Kitchen Light"}""", """{"ok":true}""", "Kitchen light is on.")]
    [InlineData("turn_on", """{"device":"all lights"}""", """{"ok":true}""", "Kitchen light and bedroom light are on. Living room light is on at 100 %.")]
    [InlineData("turn_off", """{"device":"garden pump"}""", """{"ok":true}""", "Garden pump is off.")]
    [InlineData("set_brightness", """{"light":"living room light","brightness":40}""", """{"ok":true}""", "Living room light is on at 40 %.")]
    [InlineData("move_cover", """{"cover":"blinds","action":"open"}""", """{"ok":true}""", "Blinds are opening.")]
    [InlineData("move_servo", """{"servo":"camera","angle":-30}""", """{"ok":true}""", "Camera is at -30°.")]
    [InlineData("sound_buzzer", """{"times":3}""", """{"ok":true}""", "Buzzer beeps 3 times.")]
    [InlineData("read_temperature", """{"location":"living room"}""", """{"temperature":21.5}""", "Living room temperature is 21.5 °C.")]
    [InlineData("read_temperature", """{"location":"bedroom"}""", """{"temperature":26}""", "Bedroom temperature is 26 °C.")]
    [InlineData("read_humidity", "{}", """{"humidity":45}""", "Living room humidity is 45 %.")]
    [InlineData("get_state", """{"device":"front door"}""", """{"state":"open"}""", "Front door is open.")]
    [InlineData("get_state", """{"device":"living room light"}""", """{"state":"off","value":0}""", "Living room light is off.")]
    public void A_call_is_done_and_said_from_what_was_read_back(string name, string arguments, string values, string said)
    {
        var done = Assert.IsType<FunctionResult.Done>(_house.Call(name, arguments));
        Assert.Equal(values, done.ToModel().ToJsonString());
        Assert.Equal(said, done.Sentence);
    }
}
