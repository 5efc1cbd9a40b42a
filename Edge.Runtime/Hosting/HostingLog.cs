using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting;

/// <summary>Log lines of this folder: event ids 300–399.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(300, LogLevel.Error, "The watchdog gets no sign of life: {Why}.")]
    public static partial void NoSign(ILogger log, string why);

    [LoggerMessage(301, LogLevel.Warning, "Metrics cannot be asked for just now: {Why}")]
    public static partial void NoMetrics(ILogger log, string why);

    [LoggerMessage(302, LogLevel.Warning, "The board is held back: {Conditions}. Use a 5 V supply of 5 A and cool the processor.")]
    public static partial void Throttled(ILogger log, string conditions);
}
