using System.Security.Cryptography;

namespace Edge.Runtime.Mqtt;

/// <summary>
/// The commands of the last <see cref="Window"/>, at most <see cref="CountMax"/> of them, so that what QoS 1 delivers twice is done once. An
/// id is unique per client, correlation data per response topic.
/// </summary>
internal sealed class RecentCommands(TimeProvider clock, int countMax = RecentCommands.CountMax)
{
    public const int CountMax = 4096;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _byKey = new(StringComparer.Ordinal);
    private readonly Queue<Entry> _inOrder = new();

    /// <summary>Remembers a command.</summary>
    /// <returns>Whether it is new, and if not, whether it is the same message again or another under a used name.</returns>
    public Novelty Add(CommandMessage message, string? id) => Add(message, id, out _);

    /// <inheritdoc cref="Add(CommandMessage, string?)"/>
    /// <param name="answered">The reply that the same message got; null when there is none yet.</param>
    public Novelty Add(CommandMessage message, string? id, out Answered? answered)
    {
        answered = null;
        string[] keys = [.. Keys(message, id)];
        if (keys.Length == 0)
        {
            return Novelty.New;
        }

        lock (_lock)
        {
            Forget();
            byte[] content = Content(message);
            if (keys.Select(k => _byKey.GetValueOrDefault(k)).FirstOrDefault(e => e is not null) is { } known)
            {
                answered = known.Answer;
                return known.Content.AsSpan().SequenceEqual(content) ? Novelty.Again : Novelty.UsedName;
            }

            var entry = new Entry(keys, content, clock.GetUtcNow());
            _inOrder.Enqueue(entry);
            foreach (string key in keys)
            {
                _byKey[key] = entry;
            }

            return Novelty.New;
        }
    }

    /// <summary>Keeps the reply, in case it is lost with a connection.</summary>
    public void Answer(CommandMessage message, string? id, Answered answer)
    {
        lock (_lock)
        {
            foreach (string key in Keys(message, id))
            {
                if (_byKey.TryGetValue(key, out var entry))
                {
                    entry.Answer = answer;
                }
            }
        }
    }

    /// <summary>Forgets a command that was not begun: it may be sent again.</summary>
    public void Remove(CommandMessage message, string? id)
    {
        lock (_lock)
        {
            foreach (string key in Keys(message, id))
            {
                _byKey.Remove(key);
            }
        }
    }

    /// <summary>What tells the command from others; null for nothing.</summary>
    public static string? KeyOf(CommandMessage message, string? id) => Keys(message, id).FirstOrDefault();

    private static IEnumerable<string> Keys(CommandMessage message, string? id)
    {
        // A name that two clients may choose is told apart by what else they say of themselves.
        if (id is not null)
        {
            yield return $"id {message.Client ?? message.ResponseTopic ?? ""}\n{id}";
        }

        if (message.CorrelationData is { } data)
        {
            yield return $"correlation {message.ResponseTopic}\n{Convert.ToBase64String(data.Length <= 64 ? data : SHA256.HashData(data))}";
        }
    }

    private static byte[] Content(CommandMessage message) => SHA256.HashData(message.Payload.Span);

    private void Forget()
    {
        var oldest = clock.GetUtcNow() - Window;
        while (_inOrder.TryPeek(out var entry) && (entry.At < oldest || _inOrder.Count >= countMax))
        {
            _inOrder.Dequeue();
            foreach (string key in entry.Keys)
            {
                if (_byKey.TryGetValue(key, out var current) && ReferenceEquals(current, entry))
                {
                    _byKey.Remove(key);
                }
            }
        }
    }

    private sealed record Entry(string[] Keys, byte[] Content, DateTimeOffset At)
    {
        public Answered? Answer { get; set; }
    }
}

/// <summary>A reply that was given.</summary>
/// <param name="Reply">As it went out.</param>
/// <param name="Connection">By which connection to the broker, counted.</param>
/// <param name="MayBeLost">It was given right after a connection had broken: its receiver may have been away.</param>
internal sealed record Answered(byte[] Reply, int Connection, bool MayBeLost);

/// <summary>How a command compares with those before it.</summary>
internal enum Novelty
{
    New,

    /// <summary>The same message came before; it has or will have its reply.</summary>
    Again,

    /// <summary>Another message came under the same id or correlation data.</summary>
    UsedName,
}
