using Edge.Runtime.Tokens.Bpe;

namespace Edge.Runtime.Models.RandomModels;

/// <summary>Byte pair merges of a small text. Source: Sennrich et al. 2016: the most frequent pair becomes a symbol, again and again.</summary>
internal static class StandInMerges
{
    /// <summary>Merges at most; what the text is worth.</summary>
    private const int MergesMax = 512;

    private const string Text = """
        turn on the kitchen light and turn off the bedroom light set the living room light to 50 percent open the blinds close the garage door
        is the front door open what is the temperature in the bathroom measure the humidity start the garden pump for ten minutes stop the fan
        switch everything off lock the door set the heating to 21 degrees set a timer please and then in the house at night every morning
        You are given a question and a set of functions. Call the function with its arguments. If no function can be used, answer in one sentence.
        {"type": "function", "function": {"name": "turn_on", "description": "Turns a device on.", "parameters": {"type": "object", "properties": {"device":
        {"type": "string", "enum": ["kitchen light", "fan"], "description": "Which device."}, "value": {"type": "integer", "minimum": 0, "maximum": 100},
        "seconds": {"type": "number"}, "on": {"type": "boolean"}}, "required": ["device"], "additionalProperties": false}}}
        turn_on(device: [kitchen light|bedroom light], level: int 0..100, name?: string) - Sets what is asked. read_sensor(sensor: [temperature|humidity])
        {"name": "turn_off", "arguments": {"device": "living room light"}} {"name": "set_level", "parameters": {"level": 30}} false true null
        system user assistant tool result response instruction output call function_name arguments available following functions
        """;

    private static readonly Lazy<List<(string Left, string Right)>> _all = new(Learn);

    public static IReadOnlyList<(string Left, string Right)> First(int count) => _all.Value[..Math.Clamp(count, 0, _all.Value.Count)];

    private static List<(string Left, string Right)> Learn()
    {
        var words = Words().GroupBy(w => w).Select(g => (Symbols: g.Key.Select(c => c.ToString()).ToList(), Count: g.Count())).ToList();
        var merges = new List<(string, string)>();
        while (merges.Count < MergesMax && MostFrequent(words) is { } pair)
        {
            merges.Add(pair);
            foreach (var (symbols, _) in words)
            {
                for (int i = 0; i + 1 < symbols.Count; i++)
                {
                    if (symbols[i] == pair.Left && symbols[i + 1] == pair.Right)
                    {
                        symbols[i] += symbols[i + 1];
                        symbols.RemoveAt(i + 1);
                    }
                }
            }
        }

        return merges;
    }

    /// <summary>The first of the most frequent pairs, in the order of their letters: the same on every machine.</summary>
    private static (string Left, string Right)? MostFrequent(List<(List<string> Symbols, int Count)> words)
    {
        var counts = new Dictionary<(string Left, string Right), int>();
        foreach (var (symbols, count) in words)
        {
            for (int i = 0; i + 1 < symbols.Count; i++)
            {
                var pair = (symbols[i], symbols[i + 1]);
                counts[pair] = counts.GetValueOrDefault(pair) + count;
            }
        }

        var best = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key.Left, StringComparer.Ordinal).ThenBy(c => c.Key.Right, StringComparer.Ordinal).FirstOrDefault();
        return best.Value > 1 ? best.Key : null;
    }

    /// <summary>Runs of letters, of digits, and of signs, each with the space before it: as GPT-2 cuts a text; in its letters.</summary>
    private static IEnumerable<string> Words()
    {
        string text = Text.ReplaceLineEndings(" ");
        for (int start = 0; start < text.Length;)
        {
            int at = start + (text[start] == ' ' && start + 1 < text.Length ? 1 : 0), kind = Kind(text[at]);
            while (at < text.Length && Kind(text[at]) == kind && text[at] != ' ')
            {
                at++;
            }

            at = Math.Max(at, start + 1);
            yield return string.Concat(text[start..at].Select(c => ByteLetters.LetterOf((byte)c)));
            start = at;
        }
    }

    private static int Kind(char c) => char.IsAsciiLetter(c) ? 0 : char.IsAsciiDigit(c) ? 1 : 2;
}
