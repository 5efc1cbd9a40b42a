using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>
/// The brains of a house, and which of them a conversation belongs to. Nobody leads: each sees the same messages in the same order and works
/// out the same answer (rendezvous hashing: when a brain comes or goes, only its own share moves).
/// </summary>
internal sealed class Brains
{
    /// <summary>More would be somebody else's doing.</summary>
    public const int BrainsMax = 32;

    private readonly string _house;
    private readonly string _id;
    private readonly Availabilities _boards;
    private readonly BrokerLink _link;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _members = new(StringComparer.Ordinal);

    public Brains(string house, string id, Availabilities boards, BrokerLink link, ILogger log)
    {
        _house = house;
        _id = id;
        _boards = boards;
        _link = link;
        _log = log;
        link.On(BoardTopics.Brain(house, "+"), OnBrainAsync);
        link.Connected += () => Publish("{\"version\":1}"u8.ToArray());
        link.Leaving += () => Publish([]);
        boards.Changed += (board, online) =>
        {
            if (Is(board))
            {
                Changed?.Invoke(board, online);
            }
        };
    }

    /// <summary>A brain of the house came or went. Do not block.</summary>
    public event Action<string, bool>? Changed;

    /// <summary>The brain that a conversation belongs to now; null while none is there.</summary>
    public string? OwnerOf(string conversation)
    {
        lock (_lock)
        {
            return _members.Where(_boards.IsOnline).MaxBy(brain => Weight(conversation, brain));
        }
    }

    public bool IsMine(string conversation) => OwnerOf(conversation) == _id;

    public bool IsThere(string brain) => Is(brain) && _boards.IsOnline(brain);

    private bool Is(string brain)
    {
        lock (_lock)
        {
            return _members.Contains(brain);
        }
    }

    private static ulong Weight(string conversation, string brain) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{conversation}\n{brain}")));

    private Task OnBrainAsync(CommandMessage message)
    {
        string brain = BoardTopics.SenderOf(message.Topic);
        bool isMember = !message.Payload.IsEmpty;
        lock (_lock)
        {
            if (!Topics.IsId(brain) || (isMember ? _members.Count >= BrainsMax || !_members.Add(brain) : !_members.Remove(brain)))
            {
                return Task.CompletedTask;
            }
        }

        if (isMember)
        {
            BoardLog.Joined(_log, brain, _house);
        }

        Changed?.Invoke(brain, isMember && _boards.IsOnline(brain));
        return Task.CompletedTask;
    }

    private void Publish(byte[] payload) => _link.Outbox.SetState(new MqttApplicationMessageBuilder()
        .WithTopic(BoardTopics.Brain(_house, _id))
        .WithPayload(payload)
        .WithRetainFlag()
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build());
}
