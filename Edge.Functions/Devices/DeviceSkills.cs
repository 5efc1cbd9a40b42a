namespace Edge.Functions.Devices;

/// <summary>What can be done with a device; the catalogue derives its functions from these, and the gate checks them.</summary>
[Flags]
public enum DeviceSkills
{
    None = 0,

    /// <summary>On and off.</summary>
    Switch = 1 << 0,

    /// <summary>A level in percent: brightness or speed.</summary>
    Level = 1 << 1,

    /// <summary>Open and close.</summary>
    Open = 1 << 2,

    /// <summary>A position in percent, 100 is open.</summary>
    Position = 1 << 3,

    Lock = 1 << 4,

    /// <summary>An angle in degrees.</summary>
    Turn = 1 << 5,

    Beep = 1 << 6,

    /// <summary>Active for a moment, then inactive by itself.</summary>
    Pulse = 1 << 7,

    /// <summary>A number with a unit.</summary>
    Measure = 1 << 8,

    /// <summary>A state in a word: on, closed, locked.</summary>
    State = 1 << 9,

    /// <summary>A colour.</summary>
    Colour = 1 << 10,

    /// <summary>A named effect of light.</summary>
    Effect = 1 << 11,

    /// <summary>Tones and melodies.</summary>
    Play = 1 << 12,
}
