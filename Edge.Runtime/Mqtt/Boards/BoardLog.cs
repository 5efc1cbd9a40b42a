using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>Log lines about other boards: event ids 250–279.</summary>
internal static partial class BoardLog
{
    [LoggerMessage(250, LogLevel.Information, "Board {Board} has {Devices} devices; they can be spoken of now.")]
    public static partial void Taken(ILogger log, string board, int devices);

    [LoggerMessage(251, LogLevel.Information, "Board {Board} has left, and its devices with it.")]
    public static partial void Gone(ILogger log, string board);

    [LoggerMessage(252, LogLevel.Warning, "What board {Board} announces is refused, nothing changed: {Reason}.")]
    public static partial void NotTaken(ILogger log, string board, string reason);

    [LoggerMessage(253, LogLevel.Warning, "{Device} of board {Board} is left out: {Reason}.")]
    public static partial void LeftOut(ILogger log, string device, string board, string reason);

    [LoggerMessage(254, LogLevel.Warning, "Board {Board} is offline; its devices stay known and do not answer.")]
    public static partial void Offline(ILogger log, string board);

    [LoggerMessage(255, LogLevel.Warning, "{Brain} called, and is no brain of this board (boards.brains); nothing was done.")]
    public static partial void NoBrain(ILogger log, string brain);

    [LoggerMessage(256, LogLevel.Warning, "A call of {Brain} was refused: {Reason}")]
    public static partial void Unreadable(ILogger log, string brain, string reason);

    [LoggerMessage(257, LogLevel.Information, "Call {Id} came again, from {Brain}; it is answered, not done twice.")]
    public static partial void Repeated(ILogger log, string id, string brain);

    [LoggerMessage(258, LogLevel.Warning, "Brain {Brain} is gone; {Commands} of its commands are carried on here.")]
    public static partial void TakenOver(ILogger log, string brain, int commands);

    [LoggerMessage(259, LogLevel.Information, "Brain {Brain} shares the commands of {House}.")]
    public static partial void Joined(ILogger log, string brain, string house);
}
