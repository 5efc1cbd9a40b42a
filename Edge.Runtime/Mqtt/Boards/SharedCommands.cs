using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>
/// Several brains share the commands of one house. The broker hands each command to one of them (a shared subscription, MQTT 5 §4.8.2), which
/// shows it to all as <c>work</c>. The brain that the conversation belongs to does it and says <c>done</c>; the others keep it until then,
/// and when that brain dies, the next in line does it. Actions carry ids made of the command, so that what was done already is not done again.
/// All hear the commands themselves, too, in case one dies with a command that it has shown to nobody.
/// </summary>
internal sealed class SharedCommands : IAsyncDisposable
{
    /// <summary>How long a command may be on its way from one brain to all.</summary>
    internal static readonly TimeSpan ShowPatience = TimeSpan.FromSeconds(2);

    private const int WorkMax = 4096;
    private const int AskersMax = 1024;

    private readonly string _house;
    private readonly string _id;
    private readonly TimeSpan _timeMax;
    private readonly Gateway _gateway;
    private readonly Brains _brains;
    private readonly BrokerLink _link;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly SharedLink _shared;
    private readonly HeardCommands _heard;
    private readonly ITimer _adopting;
    private readonly OrderedDictionary<string, Work> _open = [];
    private readonly OrderedDictionary<string, DateTimeOffset> _seen = [];
    private readonly OrderedDictionary<string, string> _askers = [];

    /// <param name="gateway">The house's: its topics, and what it has answered.</param>
    public SharedCommands(string house, string id, TimeSpan timeMax, Gateway gateway, Brains brains, MqttOptions options, BrokerLink link, TimeProvider clock, Random random, ILogger<SharedCommands> log)
    {
        _house = house;
        _id = id;
        _timeMax = timeMax;
        _gateway = gateway;
        _brains = brains;
        _link = link;
        _clock = clock;
        _log = log;
        _heard = new HeardCommands(clock, timeMax);
        _adopting = clock.CreateTimer(_ => Adopt(), null, ShowPatience, ShowPatience / 2);
        _shared = new SharedLink(BoardTopics.SharedCommands(house), options, m => OnSharedAsync(CommandMessage.Of(m, mayBeOld: false)), clock, random);
        link.On(new Topics(house).Command, OnHeardAsync);
        link.On(BoardTopics.Work(house, "+"), OnWorkAsync);
        link.On(BoardTopics.Done(house, "+"), OnDoneAsync);
        brains.Changed += OnBrain;
    }

    public void Start() => _shared.Start();

    /// <summary>Takes no more commands.</summary>
    public Task StopAsync() => _shared.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _shared.DisposeAsync();
        await _adopting.DisposeAsync();
    }

    /// <summary>The broker gave the command to this brain. It is acknowledged when all brains can see it.</summary>
    private Task OnSharedAsync(CommandMessage message) => _gateway.IsRefused(message) ? _gateway.OnCommandAsync(message) : ShowAsync(message);

    private Task OnHeardAsync(CommandMessage message)
    {
        // What is refused whatever happens, whoever it was given to refuses; what was kept for new subscribers is nobody's.
        if (!_gateway.IsRefused(message with { MayBeOld = false }))
        {
            lock (_lock)
            {
                _heard.Add(message);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Takes up what a brain was given and has shown to nobody.</summary>
    private void Adopt()
    {
        if (_brains.OwnerOf("") is null)
        {
            // Not heard from the broker yet who is there.
            return;
        }

        IReadOnlyList<CommandMessage> left;
        lock (_lock)
        {
            left = _heard.TakeOlderThan(ShowPatience);
        }

        foreach (var message in left.Where(m => _brains.IsMine(_gateway.ConversationOf(m) ?? "")))
        {
            Forget(TryAsync(message.MayBeOld ? _gateway.OnCommandAsync(message) : ShowAsync(message)));
        }
    }

    private static async Task TryAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (IOException)
        {
            // The broker is away again; whoever sent it will ask again.
        }
    }

    private async Task ShowAsync(CommandMessage message)
    {
        uint timeS = (uint)Math.Ceiling(_timeMax.TotalSeconds);
        var work = new MqttApplicationMessageBuilder()
            .WithTopic(BoardTopics.Work(_house, _id))
            .WithPayload(message.Payload.ToArray())
            .WithResponseTopic(message.ResponseTopic)
            .WithCorrelationData(message.CorrelationData)
            .WithContentType(message.ContentType)
            .WithMessageExpiryInterval(Math.Min(message.ExpiryS ?? timeS, timeS))
            .WithUserProperty(ClientName.Work, Encoding.UTF8.GetBytes(Guid.NewGuid().ToString("N")))
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (message.Client is { } client)
        {
            work.WithUserProperty(ClientName.Property, Encoding.UTF8.GetBytes(client));
        }

        await _link.PublishAsync(work.Build(), CancellationToken.None);
    }

    private async Task OnWorkAsync(CommandMessage message)
    {
        if (message.Work is not { } id || message.Retain)
        {
            return;
        }

        // What QoS 1 delivers twice is told by its id.
        message = message with { Duplicate = false };
        Work work;
        lock (_lock)
        {
            if (!Remember(_seen, id, _clock.GetUtcNow(), WorkMax))
            {
                return;
            }

            _heard.Remove(message);
            string conversation = _gateway.ConversationOf(message) ?? id;
            work = new Work(id, conversation, message) { Owner = Owner(conversation) };
            Remember(_open, id, work, WorkMax);
        }

        if (work.Owner == _id)
        {
            await DoAsync(work);
        }
    }

    private Task OnDoneAsync(CommandMessage message)
    {
        if (message.Work is { } id && BoardTopics.SenderOf(message.Topic) is var brain && brain != _id)
        {
            Work? work;
            lock (_lock)
            {
                if (_open.TryGetValue(id, out work))
                {
                    _open.Remove(id);
                    Asks(work.Conversation, brain, message.Payload);
                }
            }

            if (work is not null && !message.Payload.IsEmpty)
            {
                _gateway.Remember(work.Message, message.Payload.ToArray());
            }
        }

        return Task.CompletedTask;
    }

    private Task DoAsync(Work work) => _gateway.OnCommandAsync(work.Message, work.Id, reply => EndAsync(work, reply));

    /// <summary>Behind the reply, not before it: between the two a reply may be said twice, but never not at all.</summary>
    private Task EndAsync(Work work, byte[]? reply)
    {
        lock (_lock)
        {
            _open.Remove(work.Id);
            Asks(work.Conversation, _id, reply);
        }

        return _link.Outbox.AddReplyAsync(
            new MqttApplicationMessageBuilder()
                .WithTopic(BoardTopics.Done(_house, _id))
                .WithPayload(reply ?? [])
                .WithUserProperty(ClientName.Work, Encoding.UTF8.GetBytes(work.Id))
                .WithMessageExpiryInterval((uint)RecentCommands.Window.TotalSeconds)
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .Build(),
            CancellationToken.None);
    }

    private void OnBrain(string brain, bool _)
    {
        var mine = new List<Work>();
        lock (_lock)
        {
            foreach (var work in _open.Values.Where(w => w.Owner is not { } owner || !_brains.IsThere(owner)))
            {
                work.Owner = Owner(work.Conversation);
                if (work.Owner == _id)
                {
                    mine.Add(work);
                }
            }
        }

        if (mine.Count > 0)
        {
            BoardLog.TakenOver(_log, brain, mine.Count);
            mine.ForEach(work => Forget(DoAsync(work)));
        }
    }

    private static void Forget(Task task) => _ = task;

    /// <summary>Whoever has asked somebody something hears the answer. To be called with the lock held.</summary>
    private string? Owner(string conversation) =>
        _askers.TryGetValue(conversation, out string? asker) && _brains.IsThere(asker) ? asker : _brains.OwnerOf(conversation);

    private void Asks(string conversation, string brain, ReadOnlyMemory<byte> reply)
    {
        _askers.Remove(conversation);
        if (IsQuestion(reply))
        {
            Remember(_askers, conversation, brain, AskersMax);
        }
    }

    private static bool IsQuestion(ReadOnlyMemory<byte> reply)
    {
        try
        {
            using var document = JsonDocument.Parse(reply);
            return document.RootElement.GetProperty("results").EnumerateArray().Any(r => r.GetProperty("status").ValueEquals("asked"));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static bool Remember<T>(OrderedDictionary<string, T> entries, string key, T value, int countMax)
    {
        if (entries.ContainsKey(key))
        {
            return false;
        }

        if (entries.Count >= countMax)
        {
            entries.RemoveAt(0);
        }

        entries.Add(key, value);
        return true;
    }

    private sealed class Work(string id, string conversation, CommandMessage message)
    {
        public string Id { get; } = id;

        public string Conversation { get; } = conversation;

        public CommandMessage Message { get; } = message;

        /// <summary>Null while no brain was there.</summary>
        public string? Owner { get; set; }
    }
}
