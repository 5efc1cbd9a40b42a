using Edge.Functions.Catalog;
using Edge.Functions.Devices;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Catalog;

public class DerivedFunctionsTests
{
    [Fact]
    public void An_empty_house_has_no_functions() => Assert.Empty(DerivedFunctions.Of([]));

    [Fact]
    public void Only_what_is_exposed_is_offered()
    {
        var functions = DerivedFunctions.Of([Declarations.Switch("lamp"), Declarations.Switch("heater", expose: false), Declarations.Cover("gate", expose: false)]);
        Assert.Equal(["turn_on", "turn_off", "get_state"], functions.Select(f => f.Name));
        Assert.All(functions, f => Assert.DoesNotContain("heater", f.Definition.Parameters.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_function_is_OpenAI_metadata_with_the_owner_s_names() => Assert.Equal(
        """{"type":"object","properties":{"light":{"type":"string","enum":["glow"]},"brightness":{"type":"integer","minimum":0,"maximum":80}},"required":["light","brightness"]}""",
        Find([Declarations.Dimmer("glow", new DeviceLimits(LevelMin: 10, LevelMax: 80))], "set_brightness").Definition.Parameters.GetRawText());

    [Fact]
    public void A_servo_s_angle_is_limited_to_what_it_may_do() => Assert.Contains(
        """{"type":"integer","minimum":-44,"maximum":45}""",
        Find([Declarations.Servo("arm", -44.5, 45.5)], "move_servo").Definition.Parameters.GetRawText(),
        StringComparison.Ordinal);

    [Fact]
    public void Several_buzzers_have_to_be_told_apart()
    {
        Assert.DoesNotContain("buzzer", Find([Declarations.Buzzer("b")], "sound_buzzer").Definition.Parameters.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("\"enum\":[\"a\",\"b\"]", Find([Declarations.Buzzer("a"), Declarations.Buzzer("b")], "sound_buzzer").Definition.Parameters.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sensor_is_asked_for_by_its_room_where_that_tells_it_from_others()
    {
        var functions = TestHouse.ReadSettings("""
            devices:
              - {name: t1, room: hall, kind: sensor, quantity: temperature, simulated: 1}
              - {name: t2, room: attic, kind: sensor, quantity: temperature, simulated: 1}
              - {name: t3, room: attic, kind: sensor, quantity: temperature, simulated: 1}
              - {name: bed, kind: sensor, quantity: soil moisture, simulated: 1}
            """).Functions;
        Assert.Equal(["hall", "t2", "t3"], functions.Single(f => f.Name == "read_temperature").Targets.Keys);
        Assert.Equal(["bed"], functions.Single(f => f.Name == "read_soil_moisture").Targets.Keys);
    }

    [Fact]
    public void The_only_sensor_of_a_quantity_is_not_asked_where()
    {
        var only = TestHouse.ReadSettings("devices: [{name: t1, room: hall, kind: sensor, quantity: humidity, simulated: 1}]").Functions;
        Assert.Equal("""{"type":"object","properties":{}}""", only.Single(f => f.Name == "read_humidity").Definition.Parameters.GetRawText());
    }

    [Fact]
    public void Locks_have_no_groups() =>
        Assert.Equal(["a", "b"], Find([Declarations.Lock("a"), Declarations.Lock("b")], "unlock_door").Targets.Keys);

    [Fact]
    public void A_replaced_catalogue_has_a_new_version()
    {
        var catalog = new FunctionCatalog(DerivedFunctions.Of([Declarations.Switch("lamp")]));
        int changes = 0;
        catalog.Changed += () => changes++;
        catalog.Replace([]);
        Assert.Equal((2, 1, null), (catalog.Version, changes, catalog.Find("turn_on")));
    }

    private static CatalogFunction Find(DeviceDeclaration[] devices, string name) => DerivedFunctions.Of(devices).Single(f => f.Name == name);
}
