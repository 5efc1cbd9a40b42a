namespace Edge.Functions.Pwm;

/// <summary>Where a PWM output is.</summary>
/// <param name="Chip">The name of the device behind the chip (<c>1f00098000.pwm</c> on a Pi 5), its <c>pwmchipN</c>, or <c>auto</c> for the only or the header's one.</param>
/// <param name="Channel">From 0.</param>
public sealed record PwmAddress(string Chip, int Channel)
{
    public const string Auto = "auto";

    public override string ToString() => $"PWM channel {Channel} of {(Chip == Auto ? "the header" : Chip)}";
}
