namespace Edge.Functions.Gpio;

/// <summary>Hardware that did not do as told; the message is one sentence for the user.</summary>
public sealed class HardwareFault : IOException
{
    public HardwareFault(string message)
        : base(message)
    {
    }

    public HardwareFault(string message, Exception cause)
        : base(message, cause)
    {
    }
}
