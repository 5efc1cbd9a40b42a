using Edge.Functions.Calls;
using Edge.Functions.Handlers;

namespace Edge.Runtime.Commands;

/// <summary>The one answer a command gets.</summary>
public sealed record Reply(
    string Id,
    ReplyStatus Status,
    string Sentence,
    IReadOnlyList<FunctionCall> Calls,
    IReadOnlyList<FunctionResult> Results,
    CommandTiming Timing)
{
    /// <summary>The model or its grammar broke over it: outputs go safe where the owner wants it (safety.onModelFault). Not on the wire.</summary>
    public bool IsModelFault { get; init; }

    /// <summary>A reply to a command that never reached the model.</summary>
    public static Reply Refusal(string id, ReplyStatus status, string sentence) => new(id, status, sentence, [], [], new CommandTiming());
}

/// <summary>How a command ended; on the wire in lower case with hyphens.</summary>
public enum ReplyStatus
{
    /// <summary>Every call was done, or the model answered in words.</summary>
    Ok,

    /// <summary>At least one call was denied or failed.</summary>
    Failed,

    /// <summary>The command was not accepted: bad JSON, oversized, retained, empty, expired.</summary>
    Refused,

    /// <summary>The queue is full; try again.</summary>
    Busy,

    /// <summary>The deadline passed.</summary>
    Timeout,

    /// <summary>Something inside broke; nothing more was moved.</summary>
    Error,
}

/// <summary>Where the time of a command went.</summary>
/// <param name="PrefillMs">The model reads.</param>
/// <param name="DecodeMs">The model answers.</param>
/// <param name="TotalMs">From the queue to the reply; what the phases leave over is Edge's own.</param>
/// <param name="PromptTokens">Tokens in all prompts of the command.</param>
/// <param name="CachedTokens">Of those, tokens whose keys and values were in the cache.</param>
/// <param name="DecodedTokens">Tokens the model chose, one model step each.</param>
/// <param name="ForcedTokens">Tokens the grammar left no choice about; they ride along with the next step.</param>
/// <param name="ModelSteps">How often the model ran.</param>
/// <param name="QueueMs">It waited for others.</param>
/// <param name="GateMs">Calls were bound, judged and written to the audit log.</param>
/// <param name="HandsMs">Calls were done and read back.</param>
public sealed record CommandTiming(
    double PrefillMs = 0,
    double DecodeMs = 0,
    double TotalMs = 0,
    int PromptTokens = 0,
    int CachedTokens = 0,
    int DecodedTokens = 0,
    int ForcedTokens = 0,
    int ModelSteps = 0,
    double QueueMs = 0,
    double GateMs = 0,
    double HandsMs = 0);
