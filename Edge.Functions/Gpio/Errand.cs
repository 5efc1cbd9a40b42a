namespace Edge.Functions.Gpio;

/// <summary>On whose behalf something moves; boards that are asked by this one want to know.</summary>
/// <param name="Caller">Who asked.</param>
/// <param name="IdOf">An id for each action, the same whenever the same command is carried out again; null where no command stands behind it.</param>
/// <param name="Tokens">Device → what answers the question its board has put.</param>
/// <param name="Pin">What the caller gave as the PIN; null for none.</param>
public sealed record Errand(string Caller, Func<string, string>? IdOf = null, IReadOnlyDictionary<string, string>? Tokens = null, string? Pin = null)
{
    public static readonly Errand None = new("edge");

    /// <summary>What to send along for a device; null for nothing.</summary>
    public string? TokenFor(string device) => Tokens?.GetValueOrDefault(device) ?? Pin;
}
