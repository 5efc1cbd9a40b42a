using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Devices;

public sealed class SimulatedPartsTests : IDisposable
{
    private readonly TestHouse _house = new("""
        devices:
          - {name: hall temperature, kind: sensor, quantity: temperature, simulated: 20}
          - {name: real, kind: sensor, quantity: temperature, file: nowhere}
          - {name: window, kind: contact, line: 6, bias: none}
          - {name: bell, kind: button, line: 5}
          - {name: knob, kind: rotary, a: 22, b: 23, bias: none}
          - {name: lamp, kind: light, line: 17}
        """);

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData("hall temperature", "23.5", "23.5")]
    [InlineData("hall temperature", "-4", "-4")]
    [InlineData("hall temperature", "none", "unknown")]
    [InlineData("hall temperature", "999", "unknown")]
    [InlineData("window", "open", "open")]
    [InlineData("window", "CLOSED", "closed")]
    [InlineData("bell", "pressed", "pressed")]
    [InlineData("knob", "3", "3")]
    [InlineData("knob", "-2", "-2")]
    public void A_simulated_part_is_set_by_what_people_call_its_state(string device, string text, string state)
    {
        Assert.Null(_house.House.Simulated.Set(_house.Device(device), text));
        _house.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(state, _house.Device(device).State.Word);
    }

    [Theory]
    [InlineData("real", "21", "real is not simulated here; only simulated sensors and inputs can be set.")]
    [InlineData("lamp", "on", "lamp is not simulated here; only simulated sensors and inputs can be set.")]
    [InlineData("hall temperature", "warm", "hall temperature cannot be set to \"warm\"; send a number, or none for a sensor that does not answer.")]
    [InlineData("hall temperature", "1e999", "hall temperature cannot be set to \"1e999\"; send a number, or none for a sensor that does not answer.")]
    [InlineData("window", "ajar", "window cannot be set to \"ajar\"; send open or closed.")]
    [InlineData("knob", "1000", "knob cannot be turned by \"1000\"; send clicks, -100 to 100.")]
    public void What_is_not_simulated_or_cannot_be_is_refused_in_a_line(string device, string text, string refusal)
    {
        var before = _house.Device(device).State;
        Assert.Equal(refusal, _house.House.Simulated.Set(_house.Device(device), text));
        Assert.Equal(before, _house.Device(device).State);
    }
}
