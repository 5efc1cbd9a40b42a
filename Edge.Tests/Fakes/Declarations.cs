using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Pwm;

namespace Edge.Tests.Fakes;

/// <summary>Devices as an owner would declare them.</summary>
internal static class Declarations
{
    public static DeviceDeclaration Switch(string name, bool expose = true, DeviceLimits? limits = null, DeviceKind kind = DeviceKind.Switch, string? room = null) =>
        new(name, room, kind, new Wiring.Output(new LineAddress(null, 17), false, false), limits ?? new DeviceLimits(PulseMax: TimeSpan.FromSeconds(1)), expose, "edge.yaml, line 7");

    public static DeviceDeclaration Dimmer(string name, DeviceLimits? limits = null, bool expose = true, string? room = null) =>
        new(name, room, DeviceKind.Dimmer, new Wiring.Level(new PwmAddress("auto", 0), 1000, 0), limits ?? new DeviceLimits(), expose, "edge.yaml, line 7");

    public static DeviceDeclaration Cover(string name, bool expose = true) =>
        new(name, null, DeviceKind.Cover, new Wiring.TwoWay(new LineAddress(null, 23), new LineAddress(null, 24), false, TimeSpan.FromSeconds(20)), new DeviceLimits(), expose, "edge.yaml, line 7");

    public static Wiring.Servo ServoWiring { get; } = new(new PwmAddress("auto", 1), 500, 2500, -90, 90, null);

    public static DeviceDeclaration Servo(string name, double min = -90, double max = 90, bool expose = true) =>
        new(name, null, DeviceKind.Servo, ServoWiring, new DeviceLimits(DegreesMin: min, DegreesMax: max), expose, "edge.yaml, line 7");

    public static DeviceDeclaration Buzzer(string name, int timesMax = 10, bool expose = true) =>
        new(name, null, DeviceKind.Buzzer, new Wiring.Output(new LineAddress(null, 16), false, false), new DeviceLimits(TimesMax: timesMax), expose, "edge.yaml, line 7");

    public static DeviceDeclaration Lock(string name, bool expose = true) =>
        new(name, null, DeviceKind.Lock, new Wiring.Output(new LineAddress(null, 18), false, false), new DeviceLimits(PulseMax: TimeSpan.FromSeconds(1)), expose, "edge.yaml, line 7");

    public static DeviceDeclaration Contact(string name, bool expose = true) =>
        new(name, null, DeviceKind.Contact, new Wiring.Input(new LineAddress(null, 5), false, LineBias.PullUp), new DeviceLimits(), expose, "edge.yaml, line 7");
}
