using System.Text;
using Edge.Runtime.Grammars;
using Edge.Tests.Grammars.Reference;

namespace Edge.Tests.Fuzz;

/// <summary>
/// A schema, a zero byte, a byte of options, a text. The matcher accepts the text exactly if the judge does; masks, acceptance and rollback of
/// tokens agree with the matcher of bytes, wherever the text's bytes lead as choices among the legal tokens.
/// </summary>
internal static class MatcherTarget
{
    private const int TokensMax = 96;

    private static readonly GrammarOptions s_tight = new() { StringCharsMax = 12, StringTokensMax = 1000, ArrayItemsMax = 4, DepthMax = 2, NumberDigitsMax = 4 };
    private static readonly TokenIndex s_index = new(SmallVocabulary.Make());

    public static void Run(byte[] input)
    {
        int end = Array.IndexOf(input, (byte)0);
        if (end < 0 || end + 1 >= input.Length)
        {
            return;
        }

        byte[] schema = input[..end], text = input[(end + 2)..];
        int choice = input[end + 1];
        var options = (choice & 1) == 0 ? s_tight : GrammarOptions.Default with { EnumIgnoreCase = (choice & 2) != 0 };
        if (!Schemas.TryCompile(schema, options, out var grammar))
        {
            return;
        }

        var judge = options.EnumIgnoreCase ? null : Schemas.JudgeOf(schema, options);
        CompareBytes(grammar, text, judge);
        CompareTokens(grammar, text, judge);
    }

    private static void CompareBytes(Grammar grammar, byte[] text, Judge? judge)
    {
        var matcher = new TextMatcher(grammar);
        bool taken = text.All(matcher.TryAccept) && matcher.IsAccepting;
        if (Schemas.Verdict(judge, text) is { } due && due != taken)
        {
            throw new InvalidOperationException($"The judge says {due} ({judge!.Explain(text)}), the matcher {taken}.");
        }
    }

    private static void CompareTokens(Grammar grammar, byte[] text, Judge? judge)
    {
        var matcher = new TokenMatcher(grammar, s_index, TokensMax);
        var said = new List<byte>();
        int[] legal = new int[s_index.Vocabulary.Count];
        for (int i = 0; i < TokensMax && !matcher.IsComplete; i++)
        {
            int count = matcher.Mask().CopyTo(legal);
            if (count == 0)
            {
                Check(matcher.IsAccepting, "A dead end.");
                break;
            }

            if (matcher.IsAccepting && i >= text.Length)
            {
                break;
            }

            int driver = i < text.Length ? text[i] : 0;
            CheckRefusal(matcher, (driver * 7) % legal.Length);
            int token = legal[driver % count];
            var now = new TextMatcher(grammar);
            Check(said.All(now.TryAccept), "The bytes of accepted tokens are refused.");
            Check(matcher.TryAccept(token), "A token of the mask is refused.");
            foreach (byte b in s_index.Vocabulary.Bytes(token))
            {
                said.Add(b);
                Check(now.TryAccept(b), "A token of the mask has bytes that are not legal.");
            }

            Check(now.IsAccepting == matcher.IsAccepting, "Bytes and tokens do not agree whether the text is whole.");
        }

        if (matcher.IsAccepting && Schemas.Verdict(judge, [.. said]) is false)
        {
            throw new InvalidOperationException($"The tokens say {Encoding.UTF8.GetString([.. said])}, which the judge refuses: {judge!.Explain([.. said])}.");
        }
    }

    /// <summary>What is not in the mask is refused, stays refused, and is taken back without a trace.</summary>
    private static void CheckRefusal(TokenMatcher matcher, int token)
    {
        var mask = matcher.Mask();
        if (mask[token])
        {
            return;
        }

        ulong[] before = mask.Words.ToArray();
        int length = matcher.Tokens.Length;
        Check(!matcher.TryAccept(token), "A token outside the mask is accepted.");
        Check(!matcher.TryAccept(token) && matcher.Mask().Count() == 0 && !matcher.IsAccepting, "A fault is not sticky.");
        matcher.Rollback(matcher.Tokens.Length - length);
        Check(before.AsSpan().SequenceEqual(matcher.Mask().Words), "Rollback brings back another mask.");
    }

    private static void Check(bool holds, string fault)
    {
        if (!holds)
        {
            throw new InvalidOperationException(fault);
        }
    }
}
