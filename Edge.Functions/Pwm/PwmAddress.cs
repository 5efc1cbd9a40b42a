namespace Edge.Functions.Pwm;

/// <summary>Where a PWM output is.</summary>
/// <param name="Chip">The name of the device behind the chip (<c>1f00098000.pwm</c> on a Pi 5), its <c>pwmchipN</c>, or <c>auto</c> for the only or the header's one.</param>
/// <param name="Channel">From 0.</param>
/// <param name="IsSoftware">An ordinary line that is switched on time: the chip is a GPIO chip's label, or <c>auto</c> for the default one, the channel a line's offset.</param>
public sealed record PwmAddress(string Chip, int Channel, bool IsSoftware = false)
{
    public const string Auto = "auto";

    /// <summary>Beyond this the kernel's late wake-ups would be heard and seen.</summary>
    public const int SoftwareHzMax = 2000;

    public override string ToString() => IsSoftware ? $"software PWM on line {Channel}{(Chip == Auto ? "" : " of " + Chip)}" : $"PWM channel {Channel} of {(Chip == Auto ? "the header" : Chip)}";
}
