using Edge.Functions.Settings;
using Xunit;

namespace Edge.Tests.Settings;

public class SettingsSectionTests
{
    private readonly SettingsFaults _faults = [];

    [Fact]
    public void A_value_outside_its_range_names_value_limit_and_place()
    {
        var mqtt = Parse("# one\nmqtt:\n  port: 70000\n").Section("mqtt");
        Assert.Equal(1883, mqtt.Integer("port", 1883, 1, 65535));
        Assert.Equal("mqtt.port is 70000; use 1 to 65535 (edge.yaml, line 3).", Assert.Single(_faults).Message);
    }

    [Fact]
    public void An_unknown_key_names_the_nearest_known_one()
    {
        var mqtt = Parse("mqtt:\n  prot: 1883\n").Section("mqtt");
        mqtt.Integer("port", 1883, 1, 65535);
        mqtt.Text("host", "");
        mqtt.Done();
        Assert.Equal("mqtt.prot is not known; did you mean port? (edge.yaml, line 2)", Assert.Single(_faults).Message);
    }

    [Fact]
    public void An_unknown_key_like_no_other_lists_the_known_ones()
    {
        var root = Parse("colour: red\n");
        root.Text("host", "");
        root.Integer("port", 1, 1, 2);
        root.Done();
        Assert.Equal("colour is not known; use host, port (edge.yaml, line 1).", Assert.Single(_faults).Message);
    }

    [Fact]
    public void All_faults_are_collected()
    {
        var root = Parse("a: x\nb: 2 s\nc: maybe\nd: [1]\ne: {f: 1}\n");
        root.Integer("a", 0, 0, 9);
        root.Duration("b", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        root.Bool("c", true);
        root.Text("d", "");
        root.Items("e");
        Assert.Equal(
        [
            "a is \"x\"; use a whole number from 0 to 9 (edge.yaml, line 1).",
            "b is 2 s; use 0ms to 1s (edge.yaml, line 2).",
            "c is \"maybe\"; use true or false (edge.yaml, line 3).",
            "d is a list; use text (edge.yaml, line 4).",
            "e has keys; use a list, each entry with a leading \"- \" (edge.yaml, line 5).",
        ], _faults.Select(f => f.Message));
    }

    [Fact]
    public void A_choice_is_matched_without_case_and_carried_as_declared()
    {
        var root = Parse("kind: LIGHT\nother: lihgt\n");
        Assert.Equal("light", root.Choice("kind", "fan", "light", "fan"));
        Assert.Equal("fan", root.Choice("other", "fan", "light", "fan"));
        Assert.Equal("other is \"lihgt\"; use one of light, fan, perhaps light (edge.yaml, line 2).", Assert.Single(_faults).Message);
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2min", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0", 0)]
    public void A_duration_has_a_unit(string text, int ms) => Assert.Equal(ms, DurationText.Parse(text)?.TotalMilliseconds);

    [Theory]
    [InlineData("5")]
    [InlineData("-5s")]
    [InlineData("s")]
    [InlineData("5 parsecs")]
    [InlineData("99999999h")]
    public void Anything_else_is_no_duration(string text) => Assert.Null(DurationText.Parse(text));

    [Fact]
    public void A_missing_text_is_a_fault_with_the_way_out()
    {
        var device = Assert.Single(Parse("devices:\n  - kind: light\n").Sections("devices"));
        Assert.Equal("", device.RequiredText("name", "give the device a name"));
        Assert.Equal("devices[0].name is missing; give the device a name (edge.yaml, line 2).", Assert.Single(_faults).Message);
    }

    [Fact]
    public void A_key_with_nothing_behind_it_counts_as_absent()
    {
        var root = Parse("mqtt:\nport:\n");
        Assert.False(root.Section("mqtt").IsPresent);
        Assert.Equal(5, root.Integer("port", 5, 0, 9));
        root.Done();
        Assert.Empty(_faults);
    }

    [Fact]
    public void Hexadecimal_is_read_for_addresses() => Assert.Equal(0x76, Parse("address: 0x76\n").Integer("address", 0, 0, 0x7f));

    [Fact]
    public void Nested_values_become_JSON()
    {
        var json = Parse("p: {type: object, n: 5, x: -1.5, on: true, nothing: null, quoted: \"5\", list: [a, 1]}\n").Json("p");
        Assert.Equal("""{"type":"object","n":5,"x":-1.5,"on":true,"nothing":null,"quoted":"5","list":["a",1]}""", json?.GetRawText());
    }

    private SettingsSection Parse(string text) => SettingsFile.Parse(text, "edge.yaml", _faults);
}
