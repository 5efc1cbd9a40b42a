using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Runtime.Grammars;
using Edge.Tests.Grammars.Reference;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>The matcher accepts exactly what the judge accepts, on random schemas. EDGE_FULL=1 takes 100,000 pairs instead of 2,000; EDGE_SEED another start.</summary>
public class RandomSchemaTests(ITestOutputHelper output)
{
    private const int PairsPerSchema = 10;
    private const int WalkBytesMax = 20_000;

    // Small limits, so that values reach them.
    private static readonly GrammarOptions s_tight = new() { StringCharsMax = 12, ArrayItemsMax = 4, DepthMax = 2, NumberDigitsMax = 4 };

    private static bool IsFull => Environment.GetEnvironmentVariable("EDGE_FULL") == "1";

    private static int FirstSeed => int.Parse(Environment.GetEnvironmentVariable("EDGE_SEED") ?? "1", CultureInfo.InvariantCulture);

    private int _accepted;
    private int _rejected;
    private int _refused;
    private int _unjudged;
    private int _walks;

    [Fact]
    public void The_matcher_accepts_exactly_what_the_judge_accepts()
    {
        int pairs = IsFull ? 100_000 : 2_000;
        var faults = new List<string>();
        var refusals = new Dictionary<string, int>();
        int seed = FirstSeed;
        for (; _accepted + _rejected < pairs && faults.Count < 20; seed++)
        {
            Try(seed, faults, refusals);
        }

        output.WriteLine($"{_accepted} accepted, {_rejected} rejected, {_walks} walks; {_refused} of {seed - FirstSeed} schemas refused, {_unjudged} not judged.");
        output.WriteLine(string.Join('\n', refusals.OrderByDescending(refusal => refusal.Value).Select(refusal => $"{refusal.Value} × {refusal.Key}")));
        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
        Assert.InRange((double)_accepted / (_accepted + _rejected), 0.25, 0.75);
        Assert.InRange((double)_refused / (seed - FirstSeed), 0, 0.4);
        Assert.InRange((double)_unjudged / (seed - FirstSeed), 0, 0.05);
    }

    [Theory]
    [InlineData(1738)] // listed numbers beyond the limit of digits were dropped beside other conditions
    [InlineData(2425)] // the same, until nothing was left
    [InlineData(5937)] // Connect wrote into an array that had just been replaced by a larger one
    [InlineData(8674)] // an anyOf around an enumeration counted as a condition beside it
    [InlineData(1)] // {} was not free at the root
    public void Seeds_that_once_failed_hold(int seed)
    {
        var faults = new List<string>();
        Try(seed, faults, []);
        Assert.Empty(faults);
    }

    private void Try(int seed, List<string> faults, Dictionary<string, int> refusals)
    {
        var random = new Random(seed);
        string schema = JsonWriter.Text(new SchemaMaker(random).Root());
        var options = random.Next(2) == 0 ? s_tight : GrammarOptions.Default;
        var judge = new Judge(schema, options);
        try
        {
            var grammar = Compile(schema, options, out var fault);
            if (fault is not null)
            {
                _refused++;
                string reason = fault.Pointer.Split('/')[^1] + ": " + new string([.. fault.Reason.Where(c => !char.IsAsciiDigit(c))]);
                refusals[reason] = refusals.GetValueOrDefault(reason) + 1;
            }

            if (grammar is not null)
            {
                Compare(seed, random, judge, grammar, schema, faults);
            }
            else if (fault!.Reason.StartsWith("no value", StringComparison.Ordinal) && Accepted(random, judge) is { } text)
            {
                faults.Add($"seed {seed}: refused with \"{fault.Message}\", but the judge accepts {text}\n{schema}");
            }
        }
        catch (NotSupportedException)
        {
            _unjudged++;
        }
        catch (Exception crash) when (crash is not OutOfMemoryException)
        {
            faults.Add($"seed {seed}: {crash}\n{schema}");
        }
    }

    private void Compare(int seed, Random random, Judge judge, Grammar grammar, string schema, List<string> faults)
    {
        var values = new ValueMaker(random, judge.Schema);
        var misses = new NearMiss(random);
        for (int i = 0; i < PairsPerSchema; i++)
        {
            var value = values.Make();
            byte[] text = i % 2 == 0 ? JsonWriter.Write(value) : misses.Of(value);
            bool due = judge.Accepts(text);
            _ = due ? _accepted++ : _rejected++;
            var matcher = new TextMatcher(grammar);
            int read = 0;
            while (read < text.Length && matcher.TryAccept(text[read]))
            {
                read++;
            }

            bool taken = read == text.Length && matcher.IsAccepting;
            if (taken != due)
            {
                faults.Add($"seed {seed}: the judge says {due} ({judge.Explain(text)}), the matcher {taken} (read {read} of {text.Length}): {Encoding.UTF8.GetString(text)}\n{Convert.ToHexString(text)}\n{schema}");
                return;
            }

            if (read < text.Length && (matcher.TryAccept((byte)'"') || matcher.IsAccepting))
            {
                faults.Add($"seed {seed}: a fault was not sticky: {Encoding.UTF8.GetString(text)}\n{schema}");
                return;
            }

            if (i % 5 == 0 && Walk(random, grammar, text.AsSpan(0, random.Next(read + 1)), judge) is { } dead)
            {
                faults.Add($"seed {seed}: {dead}\n{schema}");
                return;
            }
        }
    }

    /// <summary>From a prefix that is alive to a whole text by random legal bytes; what it ends in must be accepted by the judge, too.</summary>
    private string? Walk(Random random, Grammar grammar, ReadOnlySpan<byte> prefix, Judge judge)
    {
        _walks++;
        var matcher = new TextMatcher(grammar);
        var text = new List<byte>();
        foreach (byte b in prefix)
        {
            matcher.TryAccept(b);
            text.Add(b);
        }

        int free = random.Next(12);
        while (text.Count < WalkBytesMax && !(matcher.IsAccepting && (--free < 0 || !AnyLegal(matcher))))
        {
            if (Next(random, matcher, hurry: --free < 0) is not { } next)
            {
                return $"a dead end after {Encoding.UTF8.GetString([.. text])}";
            }

            matcher.TryAccept(next);
            text.Add(next);
        }

        return !matcher.IsAccepting ? $"no end within {WalkBytesMax} bytes after {Encoding.UTF8.GetString(prefix)}"
            : judge.Accepts([.. text]) ? null
            : $"the matcher walks to {Encoding.UTF8.GetString([.. text])} ({Convert.ToHexString([.. text])}), which the judge refuses ({judge.Explain([.. text])})";
    }

    private static bool AnyLegal(TextMatcher matcher) => Enumerable.Range(0, 256).Any(b => matcher.IsLegal((byte)b));

    // In a hurry, what closes something goes first.
    private static byte? Next(Random random, TextMatcher matcher, bool hurry)
    {
        foreach (byte closing in hurry ? "\"}]0:"u8 : default)
        {
            if (matcher.IsLegal(closing))
            {
                return closing;
            }
        }

        for (int tries = 0; tries < 20; tries++)
        {
            byte b = (byte)(random.Next(3) == 0 ? random.Next(256) : random.Next(0x20, 0x7F));
            if (matcher.IsLegal(b))
            {
                return b;
            }
        }

        var legal = Enumerable.Range(0, 256).Where(b => matcher.IsLegal((byte)b)).ToList();
        return legal.Count == 0 ? null : (byte)legal[random.Next(legal.Count)];
    }

    private static string? Accepted(Random random, Judge judge)
    {
        var values = new ValueMaker(random, judge.Schema);
        return Enumerable.Range(0, PairsPerSchema).Select(_ => JsonWriter.Text(values.Make())).FirstOrDefault(judge.Accepts);
    }

    private static Grammar? Compile(string schema, GrammarOptions options, out SchemaFault? fault)
    {
        fault = null;
        try
        {
            using var document = JsonDocument.Parse(schema);
            return Grammar.FromSchema(document.RootElement, options);
        }
        catch (SchemaFault refusal)
        {
            fault = refusal;
            return null;
        }
    }
}
