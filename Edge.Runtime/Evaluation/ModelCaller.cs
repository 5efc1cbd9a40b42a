using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Runtime.Prompts;

namespace Edge.Runtime.Evaluation;

/// <summary>Answers rows with a model, with its grammar or, to see what that is worth, without.</summary>
public sealed class ModelCaller(LanguageModel model, ChatTemplate template, GrammarOptions options, bool useGrammar) : ICaller
{
    private static readonly DecodeLimits Limits = new();

    /// <summary>What all rows so far cost together.</summary>
    public CallerTotals Totals { get; private set; } = new(0, 0, 0, 0);

    public IReadOnlyList<FunctionCall> Call(IReadOnlyList<FunctionDefinition> tools, IReadOnlyList<EvalMessage> messages, CancellationToken cancellationToken)
    {
        int[] prompt = template.Build(tools, Turns(messages)).Ids;
        if (prompt.Length >= model.ContextLength)
        {
            return [];
        }

        var answer = useGrammar
            ? model.Answers.Decode(prompt, model.Matcher(tools, options), Limits, cancellationToken)
            : model.Answers.DecodeFreely(prompt, model.Syntax.EndTokens, Limits, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        Totals = new(Totals.Rows + 1, Totals.ModelSteps + answer.ModelSteps, Totals.DecodedTokens + answer.DecodedTokens, Totals.ForcedTokens + answer.ForcedTokens);
        return answer.Stop == StopReason.GrammarFault ? [] : model.Syntax.Read(answer.Tokens, tools).Calls;
    }

    /// <summary>A suite's messages as turns; what the model format has no place for (system texts) is left out.</summary>
    internal static List<Turn> Turns(IReadOnlyList<EvalMessage> messages)
    {
        var turns = new List<Turn>();
        foreach (var message in messages)
        {
            switch (message.Role)
            {
                case "user":
                    turns.Add(new Turn.User(message.Content));
                    break;
                case "assistant":
                    turns.Add(message.Calls.Count > 0 ? new Turn.Calls(message.Calls) : new Turn.Words(message.Content));
                    break;
                case "tool" when turns.Count > 0 && turns[^1] is Turn.Results results:
                    turns[^1] = new Turn.Results([.. results.Json, message.Content]);
                    break;
                case "tool":
                    turns.Add(new Turn.Results([message.Content]));
                    break;
                default:
                    break;
            }
        }

        return turns;
    }
}

/// <summary>Sums over the rows of a run.</summary>
public sealed record CallerTotals(int Rows, int ModelSteps, int DecodedTokens, int ForcedTokens);
