namespace Edge.Functions.Devices;

/// <summary>What could go wrong with a device, beyond its kind: whether somebody is asked before it moves follows from this.</summary>
public enum DeviceClass
{
    /// <summary>Nothing a wrong command could not undo.</summary>
    Plain,

    /// <summary>A house or garage door that a motor or a relay opens.</summary>
    Door,

    /// <summary>A gate, a barrier.</summary>
    Gate,

    /// <summary>Lets somebody in while it is unlocked.</summary>
    Lock,

    /// <summary>Gets hot: a heater, an oven, a boiler.</summary>
    Heater,

    /// <summary>Lets water or gas through.</summary>
    Valve,
}

/// <summary>When somebody is asked before a device leaves its safe value.</summary>
public enum Confirmation
{
    Never,

    /// <summary>When a sentence asked for it, which a model understood; not when a person or a rule named the very device.</summary>
    Sentence,

    /// <summary>Whoever asked.</summary>
    Always,

    /// <summary>Whoever asked, and the answer is the owner's PIN.</summary>
    Pin,
}
