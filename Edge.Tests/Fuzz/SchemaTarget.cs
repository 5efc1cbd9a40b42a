using System.Text.Json;
using Edge.Runtime.Grammars;

namespace Edge.Tests.Fuzz;

/// <summary>
/// Any bytes as a schema: either it is refused with a <see cref="SchemaFault"/>, or there is a grammar whose texts are JSON and that never runs
/// into a dead end. Anything else is a crash, and what takes seconds is a hang.
/// </summary>
internal static class SchemaTarget
{
    private const int Walks = 4, WalkBytesMax = 4_000;

    public static void Run(byte[] input)
    {
        if (Schemas.TryCompile(input, GrammarOptions.Default with { StringCharsMax = 24, DepthMax = 2 }, out var grammar))
        {
            var random = new Random(Schemas.Seed(input));
            for (int i = 0; i < Walks; i++)
            {
                Walk(grammar, random);
            }
        }
    }

    private static void Walk(Grammar grammar, Random random)
    {
        var matcher = new TextMatcher(grammar);
        var text = new List<byte>();
        Span<byte> legal = stackalloc byte[256];
        int free = random.Next(40);
        while (text.Count < WalkBytesMax)
        {
            int count = 0;
            for (int b = 0; b < 256; b++)
            {
                if (matcher.IsLegal((byte)b))
                {
                    legal[count++] = (byte)b;
                }
            }

            if (matcher.IsAccepting && (count == 0 || --free < 0))
            {
                using var read = JsonDocument.Parse(text.ToArray(), new JsonDocumentOptions { MaxDepth = 200 });
                return;
            }

            if (count == 0)
            {
                throw new InvalidOperationException($"A dead end after {Convert.ToHexString([.. text])}.");
            }

            byte next = --free < 0 ? Closing(legal[..count]) : legal[random.Next(count)];
            matcher.TryAccept(next);
            text.Add(next);
        }
    }

    // What ends a value soonest, most of the time.
    private static byte Closing(ReadOnlySpan<byte> legal)
    {
        foreach (byte closing in "\"}]"u8)
        {
            if (legal.Contains(closing))
            {
                return closing;
            }
        }

        return legal[0];
    }
}
