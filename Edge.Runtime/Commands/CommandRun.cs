using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Calls;
using Edge.Functions.Handlers;
using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Runtime.Prompts;

namespace Edge.Runtime.Commands;

/// <summary>What a command has done so far: the conversation with the model, calls with their results, and the time it took.</summary>
internal sealed class CommandRun(Command command)
{
    private readonly List<Turn> _turns = [new Turn.User(command.Text)];
    private readonly List<FunctionCall> _calls = [];
    private readonly List<FunctionResult> _results = [];

    public Command Command { get; } = command;

    public IReadOnlyList<Turn> Turns => _turns;

    public IReadOnlyList<FunctionCall> Calls => _calls;

    public IReadOnlyList<FunctionResult> Results => _results;

    /// <summary>The comparison that the command hangs on; null when there is none or when it was measured.</summary>
    public Condition? Open { get; private set; } = Condition.Find(command.Text);

    /// <summary>The comparison was measured, and it does not hold: nothing more is to be done.</summary>
    public bool ConditionFailed { get; private set; }

    /// <summary>The comparison was just measured and holds, and nothing was done about it yet.</summary>
    public bool MustAct { get; private set; }

    public CommandTiming Timing { get; private set; } = new();

    public void Count(DecodedAnswer answer)
    {
        GrammarFailed = answer.Stop == StopReason.GrammarFault;
        Timing = new CommandTiming(
            Timing.PrefillMs + answer.PrefillMs,
            Timing.DecodeMs + answer.DecodeMs,
            0,
            Timing.PromptTokens + answer.PromptTokens,
            Timing.CachedTokens + answer.CachedTokens,
            Timing.DecodedTokens + answer.DecodedTokens,
            Timing.ForcedTokens + answer.ForcedTokens,
            Timing.ModelSteps + answer.ModelSteps);
    }

    /// <summary>Whether the same call was made before in this command.</summary>
    public bool WasMade(FunctionCall call) => _calls.Any(c => c.Name == call.Name && JsonElement.DeepEquals(c.Arguments, call.Arguments));

    public void Add(FunctionCall call, FunctionResult result)
    {
        MustAct = false;
        _calls.Add(call);
        _results.Add(result);
    }

    /// <summary>Keeps calls that nobody makes.</summary>
    public void Understand(IEnumerable<FunctionCall> calls) => _calls.AddRange(calls);

    /// <summary>Tells the model what came of the calls it made in this round.</summary>
    public void EndRound(IReadOnlyList<FunctionCall> calls, IReadOnlyList<FunctionResult> results)
    {
        _turns.Add(new Turn.Calls(calls));
        _turns.Add(new Turn.Results([.. results.Select(r => JsonTexts.Of(JsonSerializer.SerializeToElement(r.ToModel(), CommandJson.Default.JsonObject)))]));
    }

    /// <summary>Settles the open comparison with a reading, if this result is the one it is about.</summary>
    public void Measure(FunctionCall call, FunctionResult result, int readings)
    {
        if (Open is { } condition && result is FunctionResult.Done done && Number(done.Values) is { } reading && (readings == 1 || IsAbout(condition, call)))
        {
            Open = null;
            MustAct = condition.Holds(reading);
            ConditionFailed = !MustAct;
            Settled = condition;
        }
    }

    /// <summary>The comparison that was measured.</summary>
    public Condition? Settled { get; private set; }

    /// <summary>The last answer did not fit its grammar.</summary>
    public bool GrammarFailed { get; private set; }

    public Reply End(ReplyStatus status, string sentence, double totalMs) =>
        new(Command.Id, status, sentence, [.. _calls], [.. _results], Timing with { TotalMs = totalMs });

    /// <summary>The result's only number; null where there is none or more than one.</summary>
    private static decimal? Number(JsonObject values)
    {
        var numbers = values.Where(v => v.Value?.GetValueKind() == JsonValueKind.Number).ToList();
        return numbers.Count == 1 && decimal.TryParse(numbers[0].Value!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null;
    }

    private static bool IsAbout(Condition condition, FunctionCall call) =>
        call.Arguments.EnumerateObject().Any(a => a.Value.ValueKind == JsonValueKind.String && condition.Subject.Contains(a.Value.GetString()!, StringComparison.OrdinalIgnoreCase));
}
