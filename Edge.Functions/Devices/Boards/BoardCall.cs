namespace Edge.Functions.Devices.Boards;

/// <summary>One action that another board is asked to do, through its own gate.</summary>
/// <param name="Board">Its id.</param>
/// <param name="Id">The same id is never done twice.</param>
/// <param name="Caller">Who wants it, for the board's audit and its questions.</param>
/// <param name="Token">Answers a question the board has put, or is its PIN; null for none.</param>
/// <param name="Within">After this it must not begin any more.</param>
public sealed record BoardCall(string Board, string Id, DeviceAction Action, string Caller, string? Token, TimeSpan Within);

/// <summary>What another board answered.</summary>
public abstract record BoardAnswer
{
    private BoardAnswer()
    {
    }

    /// <param name="State">As it was read back there.</param>
    public sealed record Done(DeviceState State) : BoardAnswer;

    /// <summary>Its gate refused; nothing moved.</summary>
    public sealed record Denied(string Code, string Message) : BoardAnswer;

    /// <summary>Somebody has to say yes first.</summary>
    /// <param name="Token">Answers it; null where only the PIN does.</param>
    public sealed record Asked(string Question, string? Token, DateTimeOffset ExpiresAt) : BoardAnswer;

    /// <summary>It tried and failed, or nothing was heard of it in time.</summary>
    /// <param name="Error">One sentence.</param>
    public sealed record Failed(string Error) : BoardAnswer;
}

/// <summary>Another board's gate said no, or asks back.</summary>
public sealed class BoardObjectionException(DeviceAction action, BoardAnswer answer) : Exception($"The board's gate objects to {action.ToText()}.")
{
    public DeviceAction Action { get; } = action;

    /// <summary><see cref="BoardAnswer.Denied"/> or <see cref="BoardAnswer.Asked"/>.</summary>
    public BoardAnswer Answer { get; } = answer;
}
