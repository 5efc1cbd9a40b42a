using System.Security.Cryptography;
using System.Text;

namespace Edge.Functions.Calls;

/// <summary>Who makes a call. A question put to one caller is answered by that caller alone.</summary>
/// <param name="Id">Stable over a conversation: a session, a client id, <c>ask</c>, <c>hub</c>.</param>
public sealed record Caller(string Id)
{
    /// <summary>Somebody in this process who did not say who.</summary>
    public static readonly Caller Local = new("local");

    /// <summary>The ids of what the caller's command does; no part of who he is. Null where no command stands behind the call.</summary>
    public ActionIds? Actions { get; init; }

    /// <summary>Where the time of his calls is noted; no part of who he is. Null for nowhere.</summary>
    public CallTimes? Times { get; init; }

    public bool Equals(Caller? other) => other is not null && Id == other.Id;

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Id;
}

/// <summary>
/// Names the actions of one command, the same way whenever and wherever that command is carried out: whoever does it again, after a
/// crash or at another board, is then known to do the same. One thread.
/// </summary>
/// <param name="command">Tells the command from all others.</param>
public sealed class ActionIds(string command)
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <param name="action">In words; the second time the same words get another id.</param>
    public string Of(string action)
    {
        int count = _counts[action] = _counts.GetValueOrDefault(action) + 1;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{command}\n{action}\n{count}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }
}
