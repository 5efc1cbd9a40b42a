using System.Text;
using System.Text.Json;
using Edge.Runtime.Grammars;
using Edge.Tests.Fakes;
using Edge.Tests.Fuzz;
using Edge.Tests.Grammars.Reference;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>From every state that tokens reach in random grammars some token is legal or the text is complete.</summary>
public sealed class DeadEndTests(ITestOutputHelper output)
{
    private const int Schemas = 400, TokensMax = 80;

    [Fact]
    public void From_every_state_some_token_is_legal_or_the_text_is_complete()
    {
        var small = new TokenIndex(SmallVocabulary.Make());
        int states = 0, compiled = 0;
        for (int seed = 1; seed <= Schemas; seed++)
        {
            var random = new Random(seed);
            string schema = JsonWriter.Text(new SchemaMaker(random).Root());
            if (Compile(schema, random) is { } grammar)
            {
                compiled++;
                states += Walk(grammar, random.Next(4) == 0 ? ShippedModel.Index : small, random, schema);
            }
        }

        output.WriteLine($"{states} states of {compiled} grammars.");
        Assert.True(compiled > Schemas / 2);
    }

    private static int Walk(Grammar grammar, TokenIndex index, Random random, string schema)
    {
        var matcher = new TokenMatcher(grammar, index, TokensMax + 1);
        int[] legal = new int[index.Vocabulary.Count];
        int states = 0;
        for (; states < TokensMax && !matcher.IsComplete; states++)
        {
            int count = matcher.Mask().CopyTo(legal);
            if (count == 0)
            {
                Assert.True(matcher.IsAccepting, $"A dead end after {Encoding.UTF8.GetString(matcher.Text)} of {schema}");
                break;
            }

            int token = legal[random.Next(count)];
            Assert.True(matcher.TryAccept(token), $"Token {token} of the mask is refused after {Encoding.UTF8.GetString(matcher.Text)} of {schema}");
        }

        return states;
    }

    private static Grammar? Compile(string schema, Random random)
    {
        try
        {
            using var document = JsonDocument.Parse(schema);
            return Grammar.FromSchema(document.RootElement, new GrammarOptions { EnumIgnoreCase = random.Next(2) == 0, StringTokensMax = random.Next(1, 20) });
        }
        catch (SchemaFault)
        {
            return null;
        }
    }
}
