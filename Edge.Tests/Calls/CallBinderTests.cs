using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Calls;

public class CallBinderTests
{
    private static readonly CallBinder Binder = new(new FunctionCatalog(DerivedFunctions.Of(
    [
        Declarations.Switch("kitchen light", kind: DeviceKind.Light), Declarations.Dimmer("Bed Light"), Declarations.Cover("blinds"),
    ])));

    [Fact]
    public void A_name_is_matched_without_case_and_carried_as_declared()
    {
        var call = Bound("turn_on", """{"device":"bed LIGHT"}""");
        Assert.Equal("Bed Light", call.Arguments["device"].GetString());
        Assert.Equal("Bed Light", Assert.IsType<DeviceAction.SwitchTo>(Assert.Single(call.Actions)).Device.Name);
    }

    [Fact]
    public void A_group_becomes_an_action_for_each_member() =>
        Assert.Equal(["kitchen light", "Bed Light"], Bound("turn_off", """{"device":"all lights"}""").Actions.Cast<DeviceAction.SwitchTo>().Select(a => a.Device.Name));

    [Fact]
    public void A_number_becomes_a_level_or_a_position()
    {
        Assert.Equal(40, Assert.IsType<DeviceAction.SetLevel>(Bound("set_brightness", """{"light":"Bed Light","brightness":40.0}""").Actions[0]).Percent);
        Assert.Equal(5, Assert.IsType<DeviceAction.MoveTo>(Bound("set_position", """{"cover":"blinds","position":5}""").Actions[0]).Percent);
    }

    [Theory]
    [InlineData("turn_no", "{}", "unknown-function", "\"turn_no\" is no function here; did you mean turn_on?")]
    [InlineData("make_coffee", "{}", "unknown-function", "\"make_coffee\" is no function here; use one of turn_on, turn_off, set_brightness, move_cover, set_position, get_state.")]
    [InlineData("turn_on", "{}", "missing-argument", "device is missing; give it.")]
    [InlineData("turn_on", """{"device":"kitchen light","level":5}""", "unknown-argument", "\"level\" is no argument here; use device.")]
    [InlineData("turn_on", """{"device":"kitchen light","device":"Bed Light"}""", "unknown-argument", "device is given twice; give it once.")]
    [InlineData("turn_on", """{"device":"kitchn light"}""", "not-a-choice", "device is \"kitchn light\"; use one of kitchen light, Bed Light, all lights, perhaps kitchen light.")]
    [InlineData("turn_on", """{"device":7}""", "wrong-type", "device is 7; use text.")]
    [InlineData("turn_on", "[]", "wrong-type", "The arguments are a list; give a JSON object.")]
    [InlineData("set_brightness", """{"light":"Bed Light","brightness":170}""", "out-of-range", "brightness is 170; use 0 to 100.")]
    [InlineData("set_brightness", """{"light":"Bed Light","brightness":40.5}""", "wrong-type", "brightness is 40.5; use a whole number 0 to 100.")]
    public void What_does_not_fit_is_a_denial_with_value_limit_and_way_out(string name, string arguments, string code, string message) =>
        Assert.Equal(new Denial(code, message), Assert.IsType<Binding.Refused>(Bind(name, arguments)).Denial);

    [Fact]
    public void Arguments_that_are_nothing_are_a_denial() =>
        Assert.IsType<Binding.Refused>(Binder.Bind(new FunctionCall("turn_on", default)));

    private static Binding Bind(string name, string arguments) => Binder.Bind(new FunctionCall(name, TestHouse.Json(arguments)));

    private static BoundCall Bound(string name, string arguments) => Assert.IsType<Binding.Bound>(Bind(name, arguments)).Call;
}
