using System.Text.Json;
using Edge.Functions.Handlers;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Commands;

/// <summary>Log lines of this folder: event ids 100–199. The words of a command are never logged, at no level: they may hold a PIN.</summary>
internal static partial class CommandLog
{
    private const int CallsCharsMax = 500;

    [LoggerMessage(100, LogLevel.Information, "Command {Id} was not accepted: {Reason}")]
    public static partial void Refused(ILogger log, string id, string reason);

    [LoggerMessage(101, LogLevel.Error, "Command {Id} broke.")]
    public static partial void Broken(ILogger log, string id, Exception fault);

    [LoggerMessage(102, LogLevel.Warning, "Command {Id} ran past its deadline and does not stop; it was answered with a timeout.")]
    public static partial void Expired(ILogger log, string id);

    /// <summary>What became of a command that was accepted: who, what was called, how it was decided, and where the time went.</summary>
    public static void Answered(ILogger log, Command command, Reply reply)
    {
        if (!log.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var timing = reply.Timing;
        Answered(
            log, command.Id, command.Origin, ReplyJson.Name(reply.Status), CallsOf(reply), DecisionsOf(reply),
            Ms(timing.TotalMs), Ms(timing.QueueMs), Ms(timing.PrefillMs), Ms(timing.DecodeMs), Ms(timing.GateMs), Ms(timing.HandsMs));
    }

    [LoggerMessage(103, LogLevel.Information, "Command {Id} of {Client}: {Status}; called: {Calls}; decided: {Decisions}; {TotalMs} ms (queue {QueueMs}, prefill {PrefillMs}, decode {DecodeMs}, gate {GateMs}, hands {HandsMs}).")]
    private static partial void Answered(
        ILogger log, string id, string client, string status, string calls, string decisions,
        double totalMs, double queueMs, double prefillMs, double decodeMs, double gateMs, double handsMs);

    private static string CallsOf(Reply reply)
    {
        // A yes has a result and no call of its own.
        var calls = reply.Calls.Count > 0 ? reply.Calls.Select(c => c.Arguments.ValueKind == JsonValueKind.Undefined ? c.Name : $"{c.Name} {c.Arguments.GetRawText()}") : reply.Results.Select(r => r.Name);
        string text = string.Join("; ", calls);
        return text.Length == 0 ? "nothing" : text.Length <= CallsCharsMax ? text : text[..CallsCharsMax] + "…";
    }

    private static string DecisionsOf(Reply reply) => reply.Results.Count == 0 ? "nothing" : string.Join("; ", reply.Results.Select(r => r switch
    {
        FunctionResult.Done => "done",
        FunctionResult.Denied denied => $"denied ({denied.Denial.Code})",
        FunctionResult.Asked => "asked",
        _ => "failed",
    }));

    private static double Ms(double ms) => Math.Round(ms, 2);
}
