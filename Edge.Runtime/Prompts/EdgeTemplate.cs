using System.Text;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Prompts;

/// <summary>The shipped model's conversation; see models/edge-38m/README.md. Nothing stands between a special token and its text.</summary>
public sealed class EdgeTemplate(Tokenizer tokenizer) : ChatTemplate
{
    private readonly int _start = tokenizer.Vocabulary.Find("<s>");
    private readonly int _tools = tokenizer.Vocabulary.Find("<|tools|>");
    private readonly int _user = tokenizer.Vocabulary.Find("<|user|>");
    private readonly int _assistant = tokenizer.Vocabulary.Find("<|assistant|>");
    private readonly int _call = tokenizer.Vocabulary.Find("<|call|>");
    private readonly int _result = tokenizer.Vocabulary.Find("<|result|>");
    private readonly int _say = tokenizer.Vocabulary.Find("<|say|>");
    private readonly int _end = tokenizer.Vocabulary.Find("<|end|>");

    public override PromptTokens Build(IReadOnlyList<FunctionDefinition> functions, IReadOnlyList<Turn> turns)
    {
        var ids = new List<int>(512) { _start, _tools };
        var signatures = new StringBuilder();
        foreach (var function in functions)
        {
            signatures.Append(Signature.Of(function)).Append('\n');
        }

        tokenizer.EncodeText(signatures.ToString(), ids);
        int prefix = ids.Count;
        foreach (var turn in turns)
        {
            Add(turn, ids);
        }

        return new PromptTokens([.. ids], prefix);
    }

    private void Add(Turn turn, List<int> ids)
    {
        switch (turn)
        {
            case Turn.User user:
                Text(_user, user.Text, ids);
                ids.Add(_assistant);
                break;
            case Turn.Calls calls:
                foreach (var call in calls.Made)
                {
                    Text(_call, CallJson(call), ids);
                }

                ids.Add(_end);
                break;
            case Turn.Results results:
                foreach (string json in results.Json)
                {
                    Text(_result, json, ids);
                }

                ids.Add(_assistant);
                break;
            case Turn.Words words:
                Text(_say, words.Text, ids);
                ids.Add(_end);
                break;
            default:
                throw new ArgumentException($"{turn.GetType().Name} is no turn this template knows.", nameof(turn));
        }
    }

    private void Text(int special, string text, List<int> ids)
    {
        ids.Add(special);
        tokenizer.EncodeText(text, ids);
    }

    private static string CallJson(FunctionCall call) =>
        $"{{\"name\":{JsonTexts.Quote(call.Name)},\"arguments\":{JsonTexts.Of(call.Arguments)}}}";
}
