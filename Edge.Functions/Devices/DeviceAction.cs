using System.Globalization;
using Edge.Functions.Displays;

namespace Edge.Functions.Devices;

/// <summary>One thing a call wants done, with its numbers settled.</summary>
public abstract record HouseAction
{
    /// <summary>In a few words, for logs.</summary>
    public virtual string ToText() => GetType().Name;
}

/// <summary>Something done to one device.</summary>
public abstract record DeviceAction(DeviceDeclaration Device) : HouseAction
{
    /// <summary>What the device must be able to do.</summary>
    public abstract DeviceSkills Needs { get; }

    /// <summary>False for reads.</summary>
    public virtual bool Moves => true;

    public override string ToText() => this switch
    {
        SwitchTo to => $"{Device.Name} {(to.On ? "on" : "off")}",
        SetLevel to => string.Create(CultureInfo.InvariantCulture, $"{Device.Name} to {to.Percent} %"),
        OpenOrClose to => $"{Device.Name} {(to.Open ? "open" : "closed")}",
        MoveTo to => string.Create(CultureInfo.InvariantCulture, $"{Device.Name} to {to.Percent} %"),
        LockOrUnlock to => $"{Device.Name} {(to.Lock ? "locked" : "unlocked")}",
        TurnTo to => string.Create(CultureInfo.InvariantCulture, $"{Device.Name} to {to.Degrees:0.#} degrees"),
        Beep to => string.Create(CultureInfo.InvariantCulture, $"{Device.Name} beeps {to.Times} times"),
        SetColour to => $"{Device.Name} {to.Colour}",
        SetEffect to => $"{Device.Name} {to.Effect.ToString().ToLowerInvariant()}",
        Play to => $"{Device.Name} plays {to.Melody.Name}",
        Pulse to => string.Create(CultureInfo.InvariantCulture, $"{Device.Name} on for {to.For.TotalMilliseconds:0} ms"),
        _ => $"{Device.Name} read",
    };

    public sealed record SwitchTo(DeviceDeclaration Device, bool On) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Switch;
    }

    /// <summary>Brightness or speed.</summary>
    public sealed record SetLevel(DeviceDeclaration Device, int Percent) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Level;
    }

    public sealed record OpenOrClose(DeviceDeclaration Device, bool Open) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Open;
    }

    /// <param name="Percent">0 is closed, 100 open.</param>
    public sealed record MoveTo(DeviceDeclaration Device, int Percent) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Position;
    }

    public sealed record LockOrUnlock(DeviceDeclaration Device, bool Lock) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Lock;
    }

    public sealed record TurnTo(DeviceDeclaration Device, double Degrees) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Turn;
    }

    public sealed record Beep(DeviceDeclaration Device, int Times) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Beep;
    }

    public sealed record SetColour(DeviceDeclaration Device, Rgb Colour) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Colour;
    }

    public sealed record SetEffect(DeviceDeclaration Device, LightEffect Effect) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Effect;
    }

    public sealed record Play(DeviceDeclaration Device, Melody Melody) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Play;
    }

    public sealed record Pulse(DeviceDeclaration Device, TimeSpan For) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Pulse;
    }

    /// <summary>Reads a quantity.</summary>
    public sealed record Measure(DeviceDeclaration Device) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.Measure;

        public override bool Moves => false;
    }

    /// <summary>Reads a state.</summary>
    public sealed record ReadState(DeviceDeclaration Device) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.State;

        public override bool Moves => false;
    }
}

/// <summary>A message to somebody else's device.</summary>
public sealed record PublishAction(string Topic, string Payload, bool Retain) : HouseAction
{
    public override string ToText() => $"{Topic} sent";
}
