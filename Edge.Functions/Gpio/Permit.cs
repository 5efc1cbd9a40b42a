namespace Edge.Functions.Gpio;

/// <summary>
/// The gate's word that something may move. Every write of a line or a PWM output asks for one and checks that it names its
/// owner. Only <c>Safety.SafetyPolicy</c> makes them (its private class is the only one derived from this; a test holds that).
/// </summary>
public abstract class Permit
{
    private protected Permit()
    {
    }

    /// <summary>On whose behalf.</summary>
    public virtual Errand Errand => Errand.None;

    /// <summary>Whether this permit is about the device of that name.</summary>
    public abstract bool Covers(string device);

    /// <exception cref="InvalidOperationException">A bug: a handler tried to move what its permit does not name.</exception>
    internal void Demand(string device)
    {
        if (!Covers(device))
        {
            throw new InvalidOperationException($"The permit at hand does not cover {device}; nothing was written.");
        }
    }
}
