namespace Edge.Functions.Calls;

/// <summary>Who makes a call. A question put to one caller is answered by that caller alone.</summary>
/// <param name="Id">Stable over a conversation: a session, a client id, <c>ask</c>, <c>hub</c>.</param>
public sealed record Caller(string Id)
{
    /// <summary>Somebody in this process who did not say who.</summary>
    public static readonly Caller Local = new("local");

    public override string ToString() => Id;
}
