using System.Text;
using System.Text.Json.Nodes;
using Edge.Runtime.Commands;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt;

/// <summary>How Edge itself is doing, retained: at every connection, after every command (a second after the last report at the earliest), and now and then.</summary>
internal sealed class StatusReport : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly string _version;
    private readonly string _model;
    private readonly Func<int> _waiting;
    private readonly Func<double?> _temperature;
    private readonly Topics _topics;
    private readonly BrokerLink _link;
    private readonly TimeProvider _clock;
    private readonly Action<JsonObject>? _more;
    private readonly DateTimeOffset _startedAt;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private DateTimeOffset _publishedAt;
    private Reply? _last;
    private long _commands;

    /// <param name="waiting">How many commands wait now.</param>
    /// <param name="temperature">Of the board, in °C; null where it is not known.</param>
    /// <param name="more">Adds what else there is to say.</param>
    public StatusReport(string version, string model, Func<int> waiting, Func<double?> temperature, TimeSpan interval, Topics topics, BrokerLink link, TimeProvider clock, Action<JsonObject>? more = null)
    {
        _version = version;
        _model = model;
        _waiting = waiting;
        _temperature = temperature;
        _topics = topics;
        _link = link;
        _clock = clock;
        _more = more;
        _interval = interval;
        _startedAt = clock.GetUtcNow();
        link.Connected += Publish;
        _timer = clock.CreateTimer(_ => Publish(), null, interval, interval);
    }

    public void OnAnswered(Command command, Reply reply)
    {
        TimeSpan early;
        lock (_lock)
        {
            _last = reply;
            _commands++;
            early = _publishedAt + s_pause - _clock.GetUtcNow();
        }

        if (early > TimeSpan.Zero && early <= s_pause)
        {
            // Later, but not as late as usual: the last of many commands is told, too.
            _timer.Change(early, _interval);
        }
        else
        {
            Publish();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _link.Connected -= Publish;
    }

    private void Publish()
    {
        JsonObject json;
        lock (_lock)
        {
            _publishedAt = _clock.GetUtcNow();
            json = new JsonObject
            {
                ["version"] = _version,
                ["model"] = _model,
                ["uptimeS"] = (long)(_publishedAt - _startedAt).TotalSeconds,
                ["queue"] = _waiting(),
                ["commands"] = _commands,
                ["lastLatencyMs"] = _last is null ? null : Math.Round(_last.Timing.TotalMs, 1),
                ["lastReply"] = _last is null ? null : Short(_last.Sentence),
                ["temperature"] = _temperature() is { } celsius ? Math.Round(celsius, 1) : null,
            };
        }

        _more?.Invoke(json);
        _link.Outbox.SetState(new MqttApplicationMessageBuilder()
            .WithTopic(_topics.Status)
            .WithPayload(Encoding.UTF8.GetBytes(json.ToJsonString()))
            .WithContentType("application/json")
            .WithRetainFlag()
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build());
    }

    // Home Assistant takes states of at most 255 characters.
    private static string Short(string sentence) => sentence.Length <= 250 ? sentence : sentence[..250] + "…";
}
