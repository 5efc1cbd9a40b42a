namespace Edge.Runtime.Mqtt;

/// <summary>The topics of one Edge, all under <c>edge/&lt;id&gt;/</c>. README's table is checked against <see cref="Table"/>.</summary>
public sealed class Topics
{
    public const string IdDefault = "home";
    public const int IdCharsMax = 64;
    public const string Online = "online";
    public const string Offline = "offline";

    private readonly string _root;

    /// <exception cref="ArgumentException">The id is not one (<see cref="IsId"/>).</exception>
    public Topics(string id)
    {
        if (!IsId(id))
        {
            throw new ArgumentException($"\"{id}\" is no id: {IdRule}.", nameof(id));
        }

        Id = id;
        _root = $"edge/{id}/";
    }

    /// <summary>What an id may be, for messages.</summary>
    public static string IdRule => $"use letters, digits, - and _, {IdCharsMax} characters at most";

    /// <summary>Every topic as README shows it.</summary>
    public static IReadOnlyList<TopicRow> Table { get; } =
    [
        new("edge/<id>/command", "in", 1, false, "a sentence, or JSON `{\"text\",\"id\",\"session\"}`"),
        new("edge/<id>/devices/<device>/set", "in", 1, false, "`on`, `off`, `open`, `close`, `lock`, `unlock`, `beep`, a number, a color, an effect, a melody, or JSON `{\"state\",\"value\",\"color\",\"effect\",\"id\"}`"),
        new("edge/<id>/simulation/<device>/set", "in", 1, false, "only where the part is simulated: a number or `none` for a sensor, `open`, `closed`, `pressed`, `released`, `motion`, `clear`, clicks of a knob"),
        new("edge/<id>/reply", "out", 1, false, "the reply as JSON, unless the command named a response topic"),
        new("edge/<id>/reply/<client>", "out", 1, false, "a response topic that `edge send` chooses for itself"),
        new("edge/<id>/availability", "out", 1, true, "`online`, or `offline` (also as the will)"),
        new("edge/<id>/devices/<device>/state", "out", 1, true, "the device's state as JSON"),
        new("edge/<id>/event", "out", 1, false, "JSON `{\"event_type\",\"sentence\",…}`: `confirmation`, `denied`, `failed`, `busy`"),
        new("edge/<id>/status", "out", 1, true, "JSON: version, model, uptime, queue, latency by phase, commands, denials by code, tokens, memory, temperature, throttling, reconnections"),
        new("edge/<id>/hands", "out", 1, true, "with `role: hands`: the exposed devices, their skills and limits, JSON; empty once it has left"),
        new("edge/<id>/call/<brain>", "in", 1, false, "with `role: hands`: a brain's typed call, JSON with an id and an expiry"),
        new("edge/<id>/answer/<hands>", "in", 1, false, "what came of a call, JSON"),
        new("edge/<house>/brains/<id>", "both", 1, true, "with `boards.house`: who shares its commands"),
        new("edge/<house>/work/<id>", "both", 1, false, "with `boards.house`: a command as one brain shows it to all"),
        new("edge/<house>/done/<id>", "both", 1, false, "with `boards.house`: the reply it got"),
    ];

    public string Id { get; }

    public string Command => _root + "command";

    public string Reply => _root + "reply";

    public string Availability => _root + "availability";

    public string Event => _root + "event";

    public string Status => _root + "status";

    /// <summary>Where one client of this Edge waits for its replies.</summary>
    public string ReplyTo(string client) => $"{Reply}/{Level(client)}";

    public string DeviceState(string device) => $"{_root}devices/{Level(device)}/state";

    public string DeviceSet(string device) => $"{_root}devices/{Level(device)}/set";

    /// <summary>The filter of all <see cref="DeviceSet"/>.</summary>
    public string DeviceSets => $"{_root}devices/+/set";

    /// <summary>Where a simulated sensor or input is set.</summary>
    public string Simulation(string device) => $"{_root}simulation/{Level(device)}/set";

    /// <summary>The filter of all <see cref="Simulation"/>.</summary>
    public string Simulations => $"{_root}simulation/+/set";

    public bool IsReply(string topic) => topic == Reply || topic.StartsWith(Reply + "/", StringComparison.Ordinal);

    /// <summary>Whether this Edge owns the topic for something other than replies.</summary>
    public bool IsReserved(string topic) =>
        topic.StartsWith(_root, StringComparison.Ordinal) && !IsReply(topic);

    public static bool IsId(string id) =>
        id.Length is > 0 and <= IdCharsMax && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>A name as one topic level: characters that MQTT or a shell would take for something else become <c>_</c>.</summary>
    public static string Level(string name) =>
        string.Create(name.Length, name, (level, from) =>
        {
            for (int i = 0; i < level.Length; i++)
            {
                level[i] = from[i] is '/' or '+' or '#' or '$' || char.IsWhiteSpace(from[i]) || char.IsControl(from[i]) ? '_' : from[i];
            }
        });
}

/// <summary>One row of README's topic table.</summary>
/// <param name="Topic">With <c>&lt;id&gt;</c> and the like in place of names.</param>
/// <param name="Direction">Seen from Edge: <c>in</c>, <c>out</c>, or <c>both</c> between boards.</param>
/// <param name="Qos">The quality of service Edge subscribes or publishes with.</param>
/// <param name="Retained">Whether the broker keeps the last message.</param>
/// <param name="Payload">In words.</param>
public sealed record TopicRow(string Topic, string Direction, int Qos, bool Retained, string Payload)
{
    public override string ToString() => $"| `{Topic}` | {Direction} | {Qos} | {(Retained ? "yes" : "no")} | {Payload} |";
}
