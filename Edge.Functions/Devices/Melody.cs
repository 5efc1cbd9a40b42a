using System.Globalization;

namespace Edge.Functions.Devices;

/// <param name="Hz">0 is a rest.</param>
public readonly record struct Note(int Hz, TimeSpan For);

/// <summary>Tones one after the other.</summary>
/// <param name="Name"><c>doorbell</c>; a single tone is called by its frequency.</param>
public sealed record Melody(string Name, IReadOnlyList<Note> Notes)
{
    public const int NotesMax = 64;

    /// <summary>Those every buzzer with tones knows.</summary>
    public static readonly IReadOnlyList<Melody> Usual =
    [
        Parse("doorbell", "e5 400, c5 600")!, Parse("success", "c5 120, e5 120, g5 240")!, Parse("failure", "g4 200, rest 50, c4 500")!,
        Parse("alarm", "a5 250, e5 250, a5 250, e5 250, a5 250, e5 250")!,
    ];

    public TimeSpan Length => Notes.Aggregate(TimeSpan.Zero, (sum, note) => sum + note.For);

    public static Melody Tone(int hz, TimeSpan length) => new(string.Create(CultureInfo.InvariantCulture, $"{hz} Hz"), [new Note(hz, length)]);

    /// <summary>Notes as <c>c5 200, f#4 100, rest 50, 440 1000</c>: a name with its octave or a frequency, then milliseconds.</summary>
    /// <returns>Null when it is none.</returns>
    public static Melody? Parse(string name, string text)
    {
        var notes = new List<Note>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2 || Hz(words[0]) is not { } hz
                || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int ms) || ms is < 10 or > 10_000)
            {
                return null;
            }

            notes.Add(new Note(hz, TimeSpan.FromMilliseconds(ms)));
        }

        return notes.Count is > 0 and <= NotesMax ? new Melody(name, notes) : null;
    }

    /// <summary>Equal temperament, a4 is 440 Hz (ISO 16).</summary>
    private static int? Hz(string word)
    {
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int hz))
        {
            return hz;
        }

        string lower = word.ToLowerInvariant();
        if (lower is "rest")
        {
            return 0;
        }

        int semitone = lower.Length is 2 or 3 ? lower[0] switch { 'c' => 0, 'd' => 2, 'e' => 4, 'f' => 5, 'g' => 7, 'a' => 9, 'b' => 11, _ => -1 } : -1;
        bool sharp = lower.Length == 3 && lower[1] == '#';
        int octave = semitone >= 0 && (lower.Length == 2 || sharp) && char.IsAsciiDigit(lower[^1]) ? lower[^1] - '0' : -1;
        return octave < 0 ? null : (int)Math.Round(440 * Math.Pow(2, (((octave - 4) * 12) + semitone + (sharp ? 1 : 0) - 9) / 12.0));
    }
}
