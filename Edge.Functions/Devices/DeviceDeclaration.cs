namespace Edge.Functions.Devices;

/// <summary>A device as its owner declared it; never changes while the house is open.</summary>
/// <param name="Name">Unique without regard to case, as people say it: <c>kitchen light</c>.</param>
/// <param name="Room">Null for none.</param>
/// <param name="Expose">False: nothing moves or reads it by command.</param>
/// <param name="Place">Where it was declared: <c>edge.yaml, line 30</c>.</param>
public sealed record DeviceDeclaration(
    string Name,
    string? Room,
    DeviceKind Kind,
    Wiring Wiring,
    DeviceLimits Limits,
    bool Expose,
    string Place)
{
    /// <summary>When it may be driven, and whether somebody is asked first.</summary>
    public DeviceRules Rules { get; init; } = DeviceRules.None;

    /// <summary>The id of the board that has it; null for this one.</summary>
    public string? Board => Wiring switch
    {
        Wiring.Board other => other.Id,
        Wiring.Measuring { Sensor.Source: Sensors.SensorSource.Board other } => other.Id,
        _ => null,
    };

    public DeviceSkills Skills => Wiring switch
    {
        Wiring.Output => Kind switch
        {
            DeviceKind.Cover => DeviceSkills.Open | DeviceSkills.Pulse | DeviceSkills.State,
            DeviceKind.Lock => DeviceSkills.Lock | DeviceSkills.Pulse | DeviceSkills.State,
            DeviceKind.Buzzer => DeviceSkills.Beep,
            _ => DeviceSkills.Switch | DeviceSkills.Pulse | DeviceSkills.State,
        },
        Wiring.Level => DeviceSkills.Switch | DeviceSkills.Level | DeviceSkills.State,
        Wiring.TwoWay => DeviceSkills.Open | DeviceSkills.Position | DeviceSkills.State,
        Wiring.Remote => Kind switch
        {
            DeviceKind.Cover => DeviceSkills.Open | DeviceSkills.Position | DeviceSkills.State,
            DeviceKind.Lock => DeviceSkills.Lock | DeviceSkills.State,
            DeviceKind.Dimmer => DeviceSkills.Switch | DeviceSkills.Level | DeviceSkills.State,
            _ => DeviceSkills.Switch | DeviceSkills.State,
        },
        Wiring.Board other => other.Skills,
        Wiring.Servo or Wiring.Stepper => DeviceSkills.Turn | DeviceSkills.State,
        Wiring.Tone => DeviceSkills.Beep | DeviceSkills.Play,
        Wiring.Strip => DeviceSkills.Switch | DeviceSkills.Level | DeviceSkills.Colour | DeviceSkills.Effect | DeviceSkills.State,
        Wiring.Input or Wiring.Rotary => DeviceSkills.State,
        Wiring.Measuring => DeviceSkills.Measure,
        _ => DeviceSkills.None,
    };

    public bool Can(DeviceSkills skill) => (Skills & skill) == skill;
}
