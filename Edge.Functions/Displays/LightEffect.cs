namespace Edge.Functions.Displays;

/// <summary>What a strip does with its colour.</summary>
public enum LightEffect
{
    /// <summary>Stands still.</summary>
    Solid,

    /// <summary>On and off, once a second.</summary>
    Blink,

    /// <summary>Up and down, once in four seconds.</summary>
    Fade,

    /// <summary>All hues along the strip, turning once in five seconds; the colour does not matter.</summary>
    Rainbow,

    /// <summary>Every third light, moving on ten times a second.</summary>
    Chase,
}

/// <summary>What every light of a strip shows at a moment. Pure.</summary>
public static class StripPicture
{
    public static readonly IReadOnlyList<string> EffectNames = [.. Enum.GetNames<LightEffect>().Select(n => n.ToLowerInvariant())];

    public static LightEffect? EffectOf(string name)
    {
        for (int i = 0; i < EffectNames.Count; i++)
        {
            if (string.Equals(EffectNames[i], name, StringComparison.OrdinalIgnoreCase))
            {
                return (LightEffect)i;
            }
        }

        return null;
    }

    private const double BlinkSeconds = 1, FadeSeconds = 4, RainbowSeconds = 5, ChaseStepSeconds = 0.1;
    private const int ChaseEvery = 3;

    /// <summary>Eyes see this power of the duty as even steps.</summary>
    private const double Gamma = 2.2;

    /// <param name="percent">Brightness, 0 to 100.</param>
    /// <param name="elapsed">Since the effect began.</param>
    /// <param name="pixels">(lights), filled.</param>
    public static void Draw(LightEffect effect, Rgb colour, int percent, TimeSpan elapsed, Span<Rgb> pixels)
    {
        double seconds = elapsed.TotalSeconds;
        double level = Math.Pow(percent / 100.0, Gamma);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = effect switch
            {
                LightEffect.Blink => Part(seconds, BlinkSeconds) < 0.5 ? colour.Times(level) : Rgb.Black,
                LightEffect.Fade => colour.Times(level * (1 + Math.Cos(2 * Math.PI * Part(seconds, FadeSeconds))) / 2),
                LightEffect.Rainbow => Rgb.OfHue(((double)i / pixels.Length) + (seconds / RainbowSeconds)).Times(level),
                LightEffect.Chase => (i + (int)(seconds / ChaseStepSeconds)) % ChaseEvery == 0 ? colour.Times(level) : Rgb.Black,
                _ => colour.Times(level),
            };
        }
    }

    private static double Part(double seconds, double period) => (seconds / period) - Math.Floor(seconds / period);
}
