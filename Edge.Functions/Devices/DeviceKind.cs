namespace Edge.Functions.Devices;

/// <summary>What a device is to the people who live with it.</summary>
public enum DeviceKind
{
    /// <summary>On and off.</summary>
    Light,

    /// <summary>A light with a level, 0 to 100 %.</summary>
    Dimmer,

    /// <summary>A pump, a heater, a socket: on and off.</summary>
    Switch,

    /// <summary>On and off; with PWM also a speed, 0 to 100 %.</summary>
    Fan,

    /// <summary>Blinds, an awning, a gate: 0 is closed, 100 open.</summary>
    Cover,

    /// <summary>Locked or unlocked; the line is active while unlocked.</summary>
    Lock,

    /// <summary>Coloured lights in a row: a level, a colour, an effect.</summary>
    Strip,

    /// <summary>Turns to an angle in degrees.</summary>
    Servo,

    /// <summary>As a servo, step by step, and without end where its limits allow.</summary>
    Stepper,

    /// <summary>Beeps.</summary>
    Buzzer,

    /// <summary>Measures a quantity.</summary>
    Sensor,

    /// <summary>A door or window contact: the line is active while open.</summary>
    Contact,

    /// <summary>A button: the line is active while pressed.</summary>
    Button,

    /// <summary>A motion detector: the line is active while it sees somebody.</summary>
    Motion,

    /// <summary>A knob that turns without end; its state counts the clicks.</summary>
    Rotary,
}
