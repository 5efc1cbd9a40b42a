namespace Edge.Runtime.Mqtt.Boards;

/// <summary>What a board does in a house of several.</summary>
public enum BoardRole
{
    /// <summary>It understands sentences and has devices of its own.</summary>
    Both,

    /// <summary>It understands sentences; the devices are at other boards.</summary>
    Brain,

    /// <summary>It has devices and runs no model: brains call it.</summary>
    Hands,
}

/// <summary><c>role</c> and the section <c>boards</c> of edge.yaml.</summary>
/// <param name="House">Brains that name the same house share its commands; null for none.</param>
/// <param name="Announce">Whether other boards may call this one's devices.</param>
/// <param name="AnswerWithin">How long a call to another board may wait; after that it must not begin.</param>
public sealed record BoardOptions(BoardRole Role = BoardRole.Both, string? House = null, bool Announce = false, TimeSpan AnswerWithin = default)
{
    public static readonly TimeSpan AnswerWithinDefault = TimeSpan.FromSeconds(3);

    /// <summary>Whose calls are taken; empty for everybody whom the broker lets publish them.</summary>
    public IReadOnlyList<string> Brains { get; init; } = [];

    /// <summary>Whose devices are taken in; empty for every board that announces some.</summary>
    public IReadOnlyList<string> Hands { get; init; } = [];

    public bool IsBrain => Role != BoardRole.Hands;

    public TimeSpan Within => AnswerWithin == default ? AnswerWithinDefault : AnswerWithin;
}
