using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting;

/// <summary>Log lines of this folder: event ids 300–399.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(300, LogLevel.Error, "The watchdog gets no sign of life: {Why}.")]
    public static partial void NoSign(ILogger log, string why);
}
