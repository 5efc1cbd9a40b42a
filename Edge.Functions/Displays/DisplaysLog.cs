using Microsoft.Extensions.Logging;

namespace Edge.Functions.Displays;

/// <summary>Events 1300 to 1399.</summary>
internal static partial class DisplaysLog
{
    [LoggerMessage(1300, LogLevel.Warning, "The display {Display} does not answer ({Why}); check its wiring, \"edge check\" lists what does ({Place})")]
    public static partial void Away(ILogger logger, string display, string why, string place);
}
