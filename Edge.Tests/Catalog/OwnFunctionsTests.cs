using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Catalog;

public class OwnFunctionsTests
{
    private const string Devices = """
        devices:
          - {name: lamp, kind: light, line: 17}
          - {name: glow, kind: dimmer, pwm: 0}
          - {name: gate, kind: switch, line: 23, pulseMax: 2s}
          - {name: hidden, kind: switch, line: 24, expose: false}
          - {name: blinds, kind: cover, open: 22, close: 27}
          - {name: front lock, kind: lock, confirm: never, line: 26}
          - {name: buzzer, kind: buzzer, line: 16}
          - {name: hall temperature, kind: sensor, quantity: temperature, simulated: 20}

        """;

    [Theory]
    [InlineData("{set: lamp, to: on}", "Lamp is on.")]
    [InlineData("{set: glow, to: 40}", "Glow is on at 40 %.")]
    [InlineData("{set: glow, to: true}", "Glow is on at 100 %.")]
    [InlineData("{set: blinds, to: close}", "Blinds are closing.")]
    [InlineData("{set: blinds, to: 30}", "Blinds are closing.")]
    [InlineData("{set: front lock, to: unlock}", "Front lock is unlocked.")]
    [InlineData("{pulse: gate, for: 500ms}", "Gate is on for 500ms.")]
    [InlineData("{pulse: gate, for: 1500}", "Gate is on for 1500ms.")]
    [InlineData("{beep: buzzer, times: 2}", "Buzzer beeps 2 times.")]
    [InlineData("{read: hall temperature}", "Hall temperature is 20 °C.")]
    [InlineData("{read: front lock}", "Front lock is locked.")]
    [InlineData("[{set: lamp, to: on}, {read: hall temperature}]", "Lamp is on. Hall temperature is 20 °C.")]
    [InlineData("{sequence: [{set: lamp, to: on}, {set: glow, to: 10}]}", "Lamp is on. Glow is on at 10 %.")]
    [InlineData("{set: all lights, to: off}", "Lamp and glow are off.")]
    public void An_action_does_what_it_says(string action, string said)
    {
        using var house = new TestHouse(Devices + $"functions:\n  - {{name: mine, action: {action}}}\n");
        Assert.Equal(said, Assert.IsType<FunctionResult.Done>(house.Call("mine")).Said);
    }

    [Fact]
    public void Metadata_may_be_JSON_with_the_outer_function()
    {
        using var house = new TestHouse(Devices + """
            functions:
              - type: function
                function: {"name": "light", "description": "Set it", "parameters": {"type": "object", "properties": {"percent": {"type": "integer", "minimum": 0, "maximum": 100}}, "required": ["percent"]}}
                action: {set: glow, to: "{percent}"}
                say: Light is as you like it.
            """);
        Assert.Equal("Light is as you like it.", house.Call("light", """{"percent":55}""").Sentence);
        Assert.Equal(55, house.Device("glow").State.Value);
        Assert.Equal("Set it", house.House.Catalog.Find("light")!.Definition.Description);
    }

    [Fact]
    public void A_function_may_name_what_is_not_exposed_but_the_gate_refuses_it()
    {
        using var house = new TestHouse(Devices + "functions:\n  - {name: mine, action: {set: hidden, to: on}}\n");
        var denied = Assert.IsType<FunctionResult.Denied>(house.Call("mine"));
        Assert.Equal("not-exposed", denied.Denial.Code);
        Assert.False(house.Lines.IsHigh(24));
    }

    [Theory]
    [InlineData("{name: turn_on, action: {set: lamp, to: on}}", "functions[0] is named turn_on, as another function is; choose another name (edge.yaml, line 11).")]
    [InlineData("{name: mine, action: {set: lmap, to: on}}", "functions[0].action.set is lmap, which is no device; did you mean lamp? (edge.yaml, line 11).")]
    [InlineData("{name: mine, action: {set: lamp, to: \"{value}\"}}", "functions[0].action.to uses {value}, which is no required parameter of mine; declare it under parameters, and under required (edge.yaml, line 11).")]
    [InlineData("{name: mine}", "functions[0].action is missing; use set, pulse, beep, tone, read or publish (edge.yaml, line 11).")]
    [InlineData("{name: mine, action: {explode: lamp}}", "functions[0].action names no action; use set, pulse, beep, tone, read or publish (edge.yaml, line 11).")]
    [InlineData("{name: mine, action: {publish: \"a/#\"}}", "functions[0].action.publish is \"a/#\"; use a topic without + and #, as garden/gate/set (edge.yaml, line 11).")]
    [InlineData("{name: my gate, action: {set: lamp, to: on}}", "functions[0].name is \"my gate\"; use letters, digits, _ . and - (edge.yaml, line 11).")]
    [InlineData("{name: mine, parameters: {type: object, not: {}}, action: {set: lamp, to: on}}", "functions[0] is no function: parameters.not is not supported; leave it out (edge.yaml, line 11).")]
    public void A_wrong_function_is_one_line_with_the_way_out(string function, string message) =>
        Assert.Equal([message], TestHouse.FaultsOf(Devices + $"functions:\n  - {function}\n"));
}
