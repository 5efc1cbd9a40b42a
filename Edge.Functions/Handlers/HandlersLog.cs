using Microsoft.Extensions.Logging;

namespace Edge.Functions.Handlers;

/// <summary>Events 1200 to 1299.</summary>
internal static partial class HandlersLog
{
    [LoggerMessage(1200, LogLevel.Information, "{Function} {Arguments} done: {Said}")]
    public static partial void Done(ILogger logger, string function, string arguments, string said);

    [LoggerMessage(1201, LogLevel.Warning, "{Function} {Arguments} denied ({Code}): {Message}")]
    public static partial void Denied(ILogger logger, string function, string arguments, string code, string message);

    [LoggerMessage(1202, LogLevel.Error, "{Function} {Arguments} failed: {Error}")]
    public static partial void Failed(ILogger logger, string function, string arguments, string error);

    [LoggerMessage(1203, LogLevel.Warning, "{Notice}")]
    public static partial void Notice(ILogger logger, string notice);

    [LoggerMessage(1204, LogLevel.Error, "{Device} did not return to its safe value: {Error}")]
    public static partial void NotSafe(ILogger logger, string device, string error);

    [LoggerMessage(1205, LogLevel.Information, "The house is open: {Devices} devices on {Chip}")]
    public static partial void Opened(ILogger logger, int devices, string chip);

    [LoggerMessage(1206, LogLevel.Debug, "{Error}")]
    public static partial void NoReading(ILogger logger, string error);

    [LoggerMessage(1207, LogLevel.Warning, "{Device} goes to its safe value: {Why}")]
    public static partial void Safe(ILogger logger, string device, string why);

    [LoggerMessage(1208, LogLevel.Information, "{Function} {Arguments} waits for an answer: {Question}")]
    public static partial void Asked(ILogger logger, string function, string arguments, string question);

    [LoggerMessage(1209, LogLevel.Error, "What came of {Function} is not in the audit log: {Error}")]
    public static partial void Unlogged(ILogger logger, string function, string error);
}
