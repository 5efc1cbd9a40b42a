using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Functions.Handlers;
using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Runtime.Prompts;

namespace Edge.Runtime.Commands;

/// <summary>
/// A sentence becomes calls, the calls become results, the results become the reply: prompt → decode under the grammar → dispatch through the
/// gate → ask again with the results, until there is nothing more to do.
/// </summary>
/// <param name="invoke">The way through the gate: binds, judges, acts, reads back.</param>
public sealed class CommandPipeline(
    LanguageModel model,
    ChatTemplate template,
    FunctionCatalog catalog,
    Func<FunctionCall, FunctionResult> invoke,
    PipelineOptions options,
    TimeProvider clock) : ICommandRunner
{
    /// <summary>Room for a sentence that must be left in the context.</summary>
    private const int TextTokensMin = 64;

    private CatalogGrammars? _grammars;
    private int _version;

    /// <summary>Reads the catalogue into the model's cache, so that the first command is as quick as the later ones.</summary>
    public void Warm()
    {
        var prompt = template.Build(Grammars().Functions, []);
        Grammars().For(AnswerKind.CallsOrWords);
        model.Answers.Warm(prompt.Ids.AsSpan(0, Math.Min(prompt.Prefix, model.ContextLength - 1)));
    }

    /// <summary>Why the model could not work with these functions; null when it can. May be asked on another thread.</summary>
    public string? Objection(IReadOnlyList<FunctionDefinition> functions)
    {
        int prompt = template.Build(functions, [new Turn.User("")]).Ids.Length;
        if (prompt + TextTokensMin + options.TokensMax > model.ContextLength)
        {
            return $"their functions would take {prompt} tokens, which leaves no room for a command and its answer in the model's {model.ContextLength}";
        }

        try
        {
            new CatalogGrammars(model, functions, Syntax).For(AnswerKind.CallsOrWords);
            return null;
        }
        catch (Exception fault) when (fault is SchemaFault or GrammarLimitException)
        {
            return fault.Message.TrimEnd('.');
        }
    }

    public Reply Run(Command command, CancellationToken cancellationToken)
    {
        long start = clock.GetTimestamp();
        var run = new CommandRun(command);
        var (status, sentence) = Refusal(command.Text) is { } refusal ? (ReplyStatus.Refused, refusal) : Rounds(run, cancellationToken);
        return run.End(status, sentence, clock.GetElapsedTime(start).TotalMilliseconds) with { IsModelFault = run.GrammarFailed };
    }

    private string? Refusal(string text) =>
        string.IsNullOrWhiteSpace(text) ? "The command is empty; say what is to be done."
        : text.Length > options.TextCharsMax ? $"The command has {text.Length} characters; use at most {options.TextCharsMax}."
        : null;

    private (ReplyStatus Status, string Sentence) Rounds(CommandRun run, CancellationToken cancellationToken)
    {
        var grammars = Grammars();
        for (int round = 0; round < options.RoundsMax; round++)
        {
            var kind = run.MustAct ? AnswerKind.Calls : round == 0 ? AnswerKind.CallsOrWords : AnswerKind.CallsOrNothing;
            var prompt = template.Build(grammars.Functions, run.Turns);
            if (prompt.Ids.Length + options.TokensMax > model.ContextLength)
            {
                return Sentences.TooLong(run, prompt.Ids.Length, options.TokensMax, model.ContextLength);
            }

            var answer = model.Answers.Decode(prompt.Ids, grammars.For(kind), new DecodeLimits(options.TokensMax), cancellationToken);
            run.Count(answer);
            if (answer.Stop != StopReason.End)
            {
                return Sentences.Stopped(run, answer.Stop, options.TokensMax);
            }

            var said = model.Syntax.Read(answer.Tokens, grammars.Functions);
            if (run.Command.OnlyUnderstand)
            {
                run.Understand(said.Calls);
                return (ReplyStatus.Ok, said.Words ?? "");
            }

            if (said.Calls.Count == 0 && run.Results.Count == 0)
            {
                return (ReplyStatus.Ok, said.Words!);
            }

            if (!Carry(run, said.Calls, cancellationToken))
            {
                break;
            }
        }

        return Sentences.OfResults(run);
    }

    /// <summary>Carries out the calls of one answer.</summary>
    /// <returns>Whether the model is to be asked again.</returns>
    private bool Carry(CommandRun run, IReadOnlyList<FunctionCall> calls, CancellationToken cancellationToken)
    {
        // What only reads comes first: a comparison must be measured before anything moves.
        var ordered = run.Open is null ? calls : [.. calls.OrderBy(c => IsReading(c) ? 0 : 1)];
        int readings = ordered.Count(IsReading);
        var made = new List<FunctionCall>();
        var results = new List<FunctionResult>();
        foreach (var call in ordered)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // A model that repeats itself has nothing new to do.
            if (run.WasMade(call) && results.Count == 0)
            {
                break;
            }

            if (run.ConditionFailed)
            {
                break;
            }

            var result = run.Open is { } condition && !IsReading(call) ? Sentences.NotMeasured(call, condition)
                : Contradiction.Find(run.Command.Text, call, [.. run.Calls, .. calls], catalog) is { } denial ? new FunctionResult.Denied(call.Name, denial)
                : invoke(call);
            run.Add(call, result);
            run.Measure(call, result, readings);
            made.Add(call);
            results.Add(result);
        }

        if (results.Count == 0 || run.ConditionFailed || results.Any(r => r is not FunctionResult.Done))
        {
            return false;
        }

        run.EndRound(made, results);
        return true;
    }

    private bool IsReading(FunctionCall call) => catalog.Find(call.Name) is { IsReading: true };

    private GrammarOptions Syntax => options.Grammar ?? new GrammarOptions { EnumIgnoreCase = true };

    private CatalogGrammars Grammars()
    {
        var offered = options.Offer?.Now();
        if (_grammars is null || _version != catalog.Version || (offered is not null && !ReferenceEquals(offered, _grammars.Offered)))
        {
            _version = catalog.Version;
            _grammars = new CatalogGrammars(model, catalog.Definitions, Syntax, offered);
        }

        return _grammars;
    }
}
