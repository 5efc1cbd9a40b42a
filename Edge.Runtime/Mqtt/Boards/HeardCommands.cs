using System.Security.Cryptography;
using System.Text;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>
/// The commands of a house as every brain hears them, until one has shown each as work: what a dead brain had been given and shown to nobody is
/// still known here. Not thread-safe.
/// </summary>
internal sealed class HeardCommands(TimeProvider clock, TimeSpan keep)
{
    private const int CountMax = 4096;

    private readonly LinkedList<(string Content, CommandMessage Message, DateTimeOffset At)> _open = [];

    public void Add(CommandMessage message)
    {
        var now = clock.GetUtcNow();
        while (_open.First is { } first && (_open.Count >= CountMax || now - first.Value.At > keep))
        {
            _open.RemoveFirst();
        }

        _open.AddLast((ContentOf(message), message, now));
    }

    /// <summary>The command is in somebody's hands.</summary>
    public void Remove(CommandMessage work)
    {
        string content = ContentOf(work);
        for (var node = _open.First; node is not null; node = node.Next)
        {
            if (node.Value.Content == content)
            {
                _open.Remove(node);
                return;
            }
        }
    }

    /// <summary>Takes those out that nobody has shown for so long.</summary>
    public IReadOnlyList<CommandMessage> TakeOlderThan(TimeSpan age)
    {
        var taken = new List<CommandMessage>();
        while (_open.First is { } first && clock.GetUtcNow() - first.Value.At >= age)
        {
            taken.Add(first.Value.Message);
            _open.RemoveFirst();
        }

        return taken;
    }

    private static string ContentOf(CommandMessage message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(message.Payload.Span);
        hash.AppendData(Encoding.UTF8.GetBytes($"\n{message.ResponseTopic}\n{message.ContentType}\n{message.Client}\n"));
        hash.AppendData(message.CorrelationData ?? []);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
