using System.Globalization;

namespace Edge.Functions.Settings;

/// <summary>Durations as people write them: <c>500ms</c>, <c>10s</c>, <c>2min</c>, <c>1h</c>. A bare number is refused: nobody could tell its unit.</summary>
public static class DurationText
{
    private static readonly (string Unit, double Ms)[] Units = [("ms", 1), ("min", 60_000), ("s", 1_000), ("h", 3_600_000)];

    /// <summary>Null when it is not a duration. <c>0</c> needs no unit.</summary>
    public static TimeSpan? Parse(string text)
    {
        text = text.Trim();
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        foreach (var (unit, ms) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
                && count * ms <= TimeSpan.FromDays(366).TotalMilliseconds)
            {
                return TimeSpan.FromMilliseconds(count * ms);
            }
        }

        return null;
    }

    /// <summary>In the largest unit that leaves no fraction.</summary>
    public static string Format(TimeSpan duration)
    {
        double ms = duration.TotalMilliseconds;
        (double unitMs, string unit) = ms switch
        {
            0 => (1, "ms"),
            _ when ms % 3_600_000 == 0 => (3_600_000, "h"),
            _ when ms % 60_000 == 0 => (60_000, "min"),
            _ when ms % 1_000 == 0 => (1_000, "s"),
            _ => (1, "ms"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{ms / unitMs:0.###}{unit}");
    }
}
