using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Commands;

/// <summary>Log lines of this folder: event ids 100–199.</summary>
internal static partial class CommandLog
{
    [LoggerMessage(100, LogLevel.Information, "Command {Id} was not accepted: {Reason}")]
    public static partial void Refused(ILogger log, string id, string reason);

    [LoggerMessage(101, LogLevel.Error, "Command {Id} broke.")]
    public static partial void Broken(ILogger log, string id, Exception fault);

    [LoggerMessage(102, LogLevel.Warning, "Command {Id} ran past its deadline and does not stop; it was answered with a timeout.")]
    public static partial void Expired(ILogger log, string id);
}
