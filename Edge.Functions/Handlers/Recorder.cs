using Edge.Functions.Audit;
using Edge.Functions.Calls;

namespace Edge.Functions.Handlers;

/// <summary>Writes down what was called and what came of it; without a log it is silent.</summary>
internal sealed class Recorder(AuditLog? log, bool refusesUnlogged)
{
    /// <summary>Before anything moves.</summary>
    /// <returns>Why nothing may, null for nothing against it.</returns>
    public Denial? Permit(Caller caller, FunctionCall call, BoundCall bound)
    {
        string what = string.Join("; ", bound.Actions.Select(a => a.ToText()));
        return Write("permit", caller, call, what) is { } fault && refusesUnlogged
            ? new Denial("unlogged", $"Nothing was moved, as {fault}; free some space, or set audit.onFull: act.")
            : null;
    }

    /// <returns>Why it could not be written down; null when it was.</returns>
    public string? Result(Caller caller, FunctionCall call, FunctionResult result) => Write(
        result switch
        {
            FunctionResult.Done => "done",
            FunctionResult.Asked => "asked",
            FunctionResult.Denied => "denied",
            _ => "failed",
        },
        caller,
        call,
        result.Sentence);

    /// <summary>Outputs went to their safe values by themselves.</summary>
    public void Safe(string device, string why) => Write("safe", new Caller("edge"), new FunctionCall(device, default), why);

    private string? Write(string kind, Caller caller, FunctionCall call, string said)
    {
        try
        {
            log?.Append(new AuditEntry(kind, caller.Id, call.Name, call.Arguments, said));
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }
}
