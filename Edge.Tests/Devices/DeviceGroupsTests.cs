using Edge.Functions.Devices;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Devices;

public class DeviceGroupsTests
{
    [Fact]
    public void Lights_are_grouped_by_house_and_room()
    {
        DeviceDeclaration[] devices =
        [
            Light("a", "kitchen"), Light("b", "kitchen"), Declarations.Dimmer("c", room: "hall"), Declarations.Switch("pump"),
        ];
        Assert.Equal([("all lights", "a b c"), ("kitchen lights", "a b")], DeviceGroups.Of(devices).Select(g => (g.Name, string.Join(' ', g.Members.Select(m => m.Name)))));
    }

    [Fact]
    public void A_room_with_all_lights_needs_no_group_of_its_own() =>
        Assert.Equal(["all lights"], DeviceGroups.Of([Light("a", "kitchen"), Light("b", "kitchen")]).Select(g => g.Name));

    [Fact]
    public void A_device_keeps_its_name_before_a_group_takes_it() =>
        Assert.Empty(DeviceGroups.Of([Light("All Lights", "kitchen"), Light("b", "kitchen")]));

    private static DeviceDeclaration Light(string name, string room) => Declarations.Switch(name, kind: DeviceKind.Light, room: room);
}
