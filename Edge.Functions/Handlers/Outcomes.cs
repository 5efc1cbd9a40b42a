using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Devices.Boards;
using Edge.Functions.Safety;

namespace Edge.Functions.Handlers;

/// <summary>What came of a call's actions so far, and what to say about it in the end.</summary>
internal sealed class Outcomes(BoundCall call)
{
    private readonly DeviceState?[] _states = new DeviceState?[call.Actions.Count];
    private readonly List<string> _faults = [];
    private readonly List<BoardObjectionException> _objections = [];

    public BoundCall Call { get; } = call;

    public PermittedCall? Permit { get; set; }

    /// <summary>The steps of a sequence build on each other: after a failure the rest is left. The members of a group do not.</summary>
    public bool IsStopped => _faults.Count + _objections.Count > 0 && IsSequence;

    public bool IsSequence => Call.Function.Actions.Count > 1;

    /// <param name="state">As read back; null for none.</param>
    public void Came(int action, DeviceState? state) => _states[action] = state;

    public void Failed(string message) => _faults.Add(message);

    /// <summary>Another board's gate did not let it through.</summary>
    public void Objected(BoardObjectionException objection) => _objections.Add(objection);

    /// <summary>What other boards ask back: the actions, and what answers each.</summary>
    public IReadOnlyList<BoardObjectionException> Questions => [.. _objections.Where(o => o.Answer is BoardAnswer.Asked)];

    public bool WasDone(int action) => _states[action] is not null;

    public FunctionResult ToResult()
    {
        string said = Said();
        if (_objections.Count > 0)
        {
            return Objected(said);
        }

        if (_faults.Count > 0)
        {
            return new FunctionResult.Failed(Call.Name, string.Join(" ", _faults.Append(said).Where(s => s.Length > 0)));
        }

        return new FunctionResult.Done(Call.Name, Values(), said.Length > 0 ? said : Call.Function.Said ?? "Done.");
    }

    /// <summary>The sentence for a call that other boards did not let through, whole or in part.</summary>
    private FunctionResult Objected(string said)
    {
        string[] others = [.. _faults, .. _objections.Select(o => o.Answer).OfType<BoardAnswer.Denied>().Select(d => d.Message)];
        if (Questions.Count > 0)
        {
            var questions = Questions.Select(o => (BoardAnswer.Asked)o.Answer).ToList();
            return new FunctionResult.Asked(Call.Name, Join([.. others, said, .. questions.Select(q => q.Question)]), null, questions.Min(q => q.ExpiresAt));
        }

        return others.Length == 1 && said.Length == 0 && _objections[0].Answer is BoardAnswer.Denied only
            ? new FunctionResult.Denied(Call.Name, new Denial(only.Code, only.Message))
            : new FunctionResult.Failed(Call.Name, Join([.. others, said]));

        static string Join(string[] sentences) => string.Join(" ", sentences.Where(s => s.Length > 0));
    }

    /// <summary>In the words the model was trained on: <c>{"temperature":21.5}</c>, <c>{"state":"open"}</c>, <c>{"ok":true}</c>.</summary>
    private JsonObject Values()
    {
        var reads = DoneOnes().Where(d => !d.Action.Moves).ToList();
        var values = new JsonObject();
        foreach (var (action, state) in reads)
        {
            if (reads.Count > 1)
            {
                values[action.Device.Name] = state.Value is { } value && action is DeviceAction.Measure ? value : state.Word;
            }
            else if (action is DeviceAction.Measure)
            {
                values[((Wiring.Measuring)action.Device.Wiring).Sensor.Quantity.Key] = state.Value;
            }
            else
            {
                return state.ToJson();
            }
        }

        if (values.Count == 0)
        {
            values["ok"] = true;
        }

        return values;
    }

    private string Said()
    {
        var done = DoneOnes().ToList();
        if (Call.Function.Said is { } own && _faults.Count == 0)
        {
            return string.Join(" ", done.Where(d => !d.Action.Moves).Select(d => Sentences.Of(d.Action, d.State)).Prepend(own));
        }

        return done.Count > 1 && Call.Function.Actions.Count == 1
            ? Sentences.OfMany(_faults.Count == 0 ? GroupName(done.Count) : null, done)
            : string.Join(" ", done.Select(d => Sentences.Of(d.Action, d.State)));
    }

    private IEnumerable<(DeviceAction Action, DeviceState State)> DoneOnes()
    {
        for (int i = 0; i < _states.Length; i++)
        {
            if (_states[i] is { } state)
            {
                yield return ((DeviceAction)Call.Actions[i], state);
            }
        }
    }

    /// <summary>The argument that named them all.</summary>
    private string? GroupName(int count) => Call.Arguments.Values
        .Where(v => v.ValueKind == JsonValueKind.String)
        .Select(v => v.GetString()!)
        .FirstOrDefault(name => Call.Function.Targets.TryGetValue(name, out var members) && members.Count == count);
}
