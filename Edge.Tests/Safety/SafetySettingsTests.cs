using Edge.Functions.Devices;
using Edge.Functions.Safety;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Safety;

public sealed class SafetySettingsTests
{
    private const string Two = "devices: [{name: up, kind: switch, line: 17}, {name: down, kind: switch, line: 18, safe: on}, {name: left, kind: switch, line: 19}, {name: glow, kind: dimmer, pwm: 0, safe: 10}]\n";

    [Fact]
    public void What_is_left_out_has_its_default() => Assert.Equivalent(SafetyRules.Default, TestHouse.ReadSettings("").Safety);

    [Fact]
    public void Everything_can_be_set()
    {
        var rules = TestHouse.ReadSettings(Two + "safety: {interlocks: [{devices: [up, left], dwell: 2s}], pin: \"0815\", onBrokerLost: safe, brokerLostAfter: 5s, onModelFault: keep, temperatureMax: 70, actionsMax: 9, confirmTime: 1min}").Safety;
        Assert.Equal(
            (9, TimeSpan.FromMinutes(1), "0815", TroubleResponse.Safe, TimeSpan.FromSeconds(5), TroubleResponse.Keep, 70, TimeSpan.FromSeconds(2)),
            (rules.ActionsMax, rules.ConfirmTime, rules.Pin, rules.BrokerLost, rules.BrokerLostAfter, rules.ModelFault, rules.TemperatureMax, rules.Interlocks[0].Dwell));
    }

    [Theory]
    [InlineData("safety: {interlocks: [{devices: [up]}]}", "safety.interlocks[0].devices names fewer than two devices; an interlock needs at least two (edge.yaml, line 2).")]
    [InlineData("safety: {interlocks: [{devices: [up, lefd]}]}", "safety.interlocks[0].devices names lefd, which is no device that switches or moves; did you mean left? (edge.yaml, line 2).")]
    [InlineData("safety: {interlocks: [{devices: [up, elephant]}]}", "safety.interlocks[0].devices names elephant, which is no device that switches or moves; declare it under devices (edge.yaml, line 2).")]
    [InlineData("safety: {interlocks: [{devices: [up, down]}]}", "safety.interlocks[0].devices names down, whose safe value is on; what is interlocked rests off (edge.yaml, line 2).")]
    [InlineData("safety: {interlocks: [{devices: [up, glow]}]}", "safety.interlocks[0].devices names glow, whose safe value is on; what is interlocked rests off (edge.yaml, line 2).")]
    [InlineData("safety: {pin: \"12\"}", "safety.pin is not a PIN; use 4 to 12 digits in quotes (edge.yaml, line 2).")]
    [InlineData("safety: {pin: \"1234567890123\"}", "safety.pin is not a PIN; use 4 to 12 digits in quotes (edge.yaml, line 2).")]
    [InlineData("safety: {pin: secret}", "safety.pin is not a PIN; use 4 to 12 digits in quotes (edge.yaml, line 2).")]
    [InlineData("safety: {temperatureMax: 200}", "safety.temperatureMax is 200; use 40 to 110 (edge.yaml, line 2).")]
    public void A_wrong_rule_stops_the_start(string yaml, string fault) => Assert.Contains(fault, TestHouse.FaultsOf(Two + yaml));

    [Fact]
    public void A_PIN_that_is_asked_for_must_be_there() => Assert.Contains(
        "safety.pin is missing, and door asks for it (edge.yaml, line 1); set 4 to 12 digits in quotes (edge.yaml, line 1).",
        TestHouse.FaultsOf("devices: [{name: door, kind: lock, line: 17, confirm: pin}]"));

    [Theory]
    [InlineData("kind: lock, line: 17", Confirmation.Sentence)]
    [InlineData("kind: switch, line: 17", Confirmation.Never)]
    [InlineData("kind: switch, line: 17, class: heater", Confirmation.Sentence)]
    [InlineData("kind: cover, line: 17, class: gate", Confirmation.Sentence)]
    [InlineData("kind: cover, line: 17, class: door", Confirmation.Sentence)]
    [InlineData("kind: cover, line: 17, class: valve", Confirmation.Never)]
    [InlineData("kind: lock, line: 17, confirm: never", Confirmation.Never)]
    [InlineData("kind: switch, line: 17, confirm: true", Confirmation.Always)]
    public void Locks_doors_gates_and_heaters_ask_unless_the_owner_says_otherwise(string device, Confirmation confirm) =>
        Assert.Equal(confirm, TestHouse.ReadSettings($"devices: [{{name: thing, {device}}}]").Devices[0].Rules.Confirm);

    [Theory]
    [InlineData("name: garden gate, kind: switch, line: 17", "gate")]
    [InlineData("name: garage, kind: cover, open: 23, close: 24", "door")]
    [InlineData("name: Oven, kind: dimmer, pwm: 0", "heater")]
    [InlineData("name: bath heater, kind: switch, line: 17", "heater")]
    [InlineData("name: shed latch, kind: servo, pwm: 0", "lock")]
    public void A_dangerous_name_on_a_plain_device_is_warned_about(string device, string word)
    {
        string warning = Assert.Single(NameWarnings.Of(TestHouse.ReadSettings($"devices: [{{{device}}}]").Devices));
        Assert.EndsWith($"sounds like a {word} and moves without a question; set \"class: {word}\", or rename it if it is none (edge.yaml, line 1).", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: gate light, kind: light, line: 17")]
    [InlineData("name: heater, kind: switch, line: 17, class: heater")]
    [InlineData("name: heater, kind: switch, line: 17, confirm: always")]
    [InlineData("name: heater, kind: switch, line: 17, expose: false")]
    [InlineData("name: front door, kind: contact, line: 17")]
    [InlineData("name: kitchen, kind: light, line: 17")]
    [InlineData("name: navigate, kind: switch, line: 17")]
    public void Other_names_are_not(string device) => Assert.Empty(NameWarnings.Of(TestHouse.ReadSettings($"devices: [{{{device}}}]").Devices));
}
