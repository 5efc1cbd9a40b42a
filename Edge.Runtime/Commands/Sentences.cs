using System.Globalization;
using Edge.Functions.Calls;
using Edge.Functions.Handlers;
using Edge.Runtime.Inference;

namespace Edge.Runtime.Commands;

/// <summary>The words of a reply. They state what was measured; what the model says of its own deeds never gets here.</summary>
internal static class Sentences
{
    public static (ReplyStatus Status, string Sentence) OfResults(CommandRun run)
    {
        bool done = run.Results.All(r => r is FunctionResult.Done);
        string sentence = Join(run);
        if (run.ConditionFailed)
        {
            sentence += $" That is not {Wanted(run.Settled!)}, so nothing was changed.";
        }

        return (done ? ReplyStatus.Ok : ReplyStatus.Failed, sentence);
    }

    public static (ReplyStatus Status, string Sentence) Stopped(CommandRun run, StopReason stop, int tokensMax)
    {
        var (status, why) = stop switch
        {
            StopReason.Cancelled => (ReplyStatus.Timeout, "The time for this command is over; ask for less at once or raise commands.timeMax."),
            StopReason.TokensMax => (ReplyStatus.Error, string.Create(CultureInfo.InvariantCulture, $"The model's answer was cut off at {tokensMax} tokens, so nothing of it was done; ask for less at once or raise model.tokensMax.")),
            StopReason.ContextFull => (ReplyStatus.Refused, "The command does not fit into the model's context; ask for less at once."),
            _ => (ReplyStatus.Error, "The model's answer did not fit its grammar, so nothing of it was done."),
        };
        return (status, run.Results.Count == 0 ? why : $"{Join(run)} {why}");
    }

    public static (ReplyStatus Status, string Sentence) TooLong(CommandRun run, int prompt, int answer, int context)
    {
        string why = string.Create(CultureInfo.InvariantCulture, $"Functions and command take {prompt} tokens, and the answer may take {answer}; the model has {context}. Expose fewer devices or say less.");
        return (ReplyStatus.Refused, run.Results.Count == 0 ? why : $"{Join(run)} {why}");
    }

    /// <summary>The result of a call that hangs on a comparison nobody measured.</summary>
    public static FunctionResult NotMeasured(FunctionCall call, Condition condition) => new FunctionResult.Denied(
        call.Name,
        new Denial("condition-not-measured", $"Nothing was moved, because \"{condition.Subject} {condition}\" was not measured; name a sensor that can tell."));

    private static string Wanted(Condition condition) => condition.Negated ? "outside " + condition : condition.ToString();

    private static string Join(CommandRun run) => string.Join(' ', run.Results.Select(r => r.Sentence));
}
