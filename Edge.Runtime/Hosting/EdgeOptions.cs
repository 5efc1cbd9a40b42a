using Edge.Functions.Settings;
using Edge.Runtime.Commands;
using Edge.Runtime.Hosting.Metrics;
using Edge.Runtime.Inference;
using Edge.Runtime.Mqtt;
using Edge.Runtime.Mqtt.Boards;
using Edge.Runtime.Mqtt.Hermes;
using Edge.Runtime.Mqtt.HomeAssistant;
using Edge.Runtime.Mqtt.Homie;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting;

/// <summary>The sections of edge.yaml that are not about the house: mqtt, homeAssistant, hermes, model, commands, metrics, board, logging.</summary>
public sealed record EdgeOptions(MqttOptions Mqtt, ModelOptions Model, CommandOptions Commands, LogLevel LogLevel)
{
    public HomeAssistantOptions HomeAssistant { get; init; } = new();

    public HermesOptions Hermes { get; init; } = new();

    public BoardOptions Boards { get; init; } = new();

    public HomieOptions Homie { get; init; } = new();

    public MetricsOptions Metrics { get; init; } = new();

    /// <summary>Null: the kernel's scheduler decides.</summary>
    public Cores? Cores { get; init; }

    /// <summary>Reads the sections; what is wrong goes to the section's faults.</summary>
    public static EdgeOptions Read(SettingsSection root) =>
        new(ReadMqtt(root.Section("mqtt")), ReadModel(root.Section("model")), ReadCommands(root.Section("commands")), ReadLogging(root.Section("logging")))
        {
            HomeAssistant = ReadHomeAssistant(root.Section("homeAssistant")),
            Hermes = ReadHermes(root.Section("hermes")),
            Boards = ReadBoards(root),
            Homie = ReadHomie(root.Section("homie")),
            Metrics = MetricsOptions.Read(root.Section("metrics")),
            Cores = Cores.Read(root.Section("board")),
        };

    private static MqttOptions ReadMqtt(SettingsSection mqtt)
    {
        var usual = new MqttOptions();
        var read = new MqttOptions(
            mqtt.Text("id", usual.Id),
            mqtt.Bool("embedded", usual.Embedded),
            mqtt.Text("host", usual.Host),
            mqtt.Integer("port", usual.Port, 1, 65535),
            mqtt.Integer("payloadBytesMax", usual.PayloadBytesMax, 16, 65536))
        {
            ResponseTopics = mqtt.Has("responseTopics") ? mqtt.Texts("responseTopics") : usual.ResponseTopics,
            Listen = mqtt.Choice("listen", usual.Listen, "127.0.0.1", "0.0.0.0"),
            ClientId = mqtt.OptionalText("clientId", Topics.IdCharsMax),
            User = mqtt.OptionalText("user", 256),
            PasswordFile = ReadPasswordFile(mqtt),
            Tls = ReadTls(mqtt.Section("tls")),
            CommandsPerMinute = mqtt.Integer("commandsPerMinute", usual.CommandsPerMinute, 1, 100_000),
            StatusInterval = mqtt.Duration("statusInterval", usual.StatusInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
        if (read.ResponseTopics.FirstOrDefault(filter => !TopicFilter.IsValid(filter)) is { } wrong)
        {
            mqtt.Fault("responseTopics", $"has \"{wrong}\", which is no topic filter; + stands alone in its level, # alone in the last");
        }

        if (!Topics.IsId(read.Id))
        {
            mqtt.Fault("id", $"is \"{read.Id}\"; {Topics.IdRule}");
        }

        if (Uri.CheckHostName(read.Host) == UriHostNameType.Unknown)
        {
            mqtt.Fault("host", $"is \"{read.Host}\"; use a host name or an address, without mqtt:// and port");
        }
        else if (read.Embedded && read.Host is not ("127.0.0.1" or "localhost"))
        {
            mqtt.Fault("host", $"is \"{read.Host}\", but the embedded broker serves this machine only; use 127.0.0.1, or set mqtt.embedded: false");
        }

        if (read is { Embedded: true, Tls: { CertificateFile: null } })
        {
            mqtt.Section("tls").Fault("certificate", "is missing, and the embedded broker cannot serve TLS without; give mqtt.tls.certificate and mqtt.tls.key");
        }

        if (read.User is not null != read.PasswordFile is not null)
        {
            mqtt.Fault("user", "and mqtt.passwordFile or mqtt.passwordCredential belong together; give both or none");
        }

        if (read.Listen != usual.Listen && read.User is null)
        {
            mqtt.Fault("listen", $"is {read.Listen}, which lets the whole network in; give mqtt.user and mqtt.passwordFile, or use 127.0.0.1");
        }

        mqtt.Done();
        return read;
    }

    /// <summary>A file, or one of systemd's credentials (systemd.exec(5), LoadCredential=); never the password itself, which others could read in the settings.</summary>
    private static string? ReadPasswordFile(SettingsSection mqtt)
    {
        string? file = ReadFile(mqtt, "passwordFile");
        if (mqtt.OptionalText("passwordCredential", 255) is not { } credential)
        {
            return file;
        }

        string? folder = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY");
        string path = Path.Combine(folder ?? "", credential);
        if (folder is null || !File.Exists(path))
        {
            mqtt.Fault("passwordCredential", $"is \"{credential}\", and systemd gave no such credential; add LoadCredential={credential}:/etc/edge/{credential} to the unit, or use mqtt.passwordFile");
        }

        return path;
    }

    private static TlsOptions? ReadTls(SettingsSection tls)
    {
        bool enabled = tls.Bool("enabled", tls.IsPresent);
        var read = new TlsOptions(ReadFile(tls, "ca"), ReadFile(tls, "certificate"), ReadFile(tls, "key")) { Port = tls.Integer("port", new TlsOptions().Port, 1, 65535) };
        if (read.CertificateFile is not null != read.KeyFile is not null)
        {
            tls.Fault("certificate", "and mqtt.tls.key belong together; give both or none");
        }

        tls.Done();
        return enabled ? read : null;
    }

    private static string? ReadFile(SettingsSection section, string key)
    {
        string? file = section.OptionalText(key);
        if (file is not null && !File.Exists(file))
        {
            section.Fault(key, $"is \"{file}\", and there is no such file; name one that the service may read");
        }

        return file;
    }

    private static HomeAssistantOptions ReadHomeAssistant(SettingsSection hub)
    {
        var usual = new HomeAssistantOptions();
        var read = new HomeAssistantOptions(hub.Bool("discovery", usual.Discovery), hub.Text("prefix", usual.Prefix, Topics.IdCharsMax));
        if (!Topics.IsId(read.Prefix))
        {
            hub.Fault("prefix", $"is \"{read.Prefix}\"; {Topics.IdRule}");
        }

        hub.Done();
        return read;
    }

    private static HermesOptions ReadHermes(SettingsSection hermes)
    {
        var usual = new HermesOptions();
        var read = new HermesOptions(hermes.Bool("enabled", usual.Enabled)) { Sites = hermes.Has("sites") ? hermes.Texts("sites") : usual.Sites };
        hermes.Done();
        return read;
    }

    private static HomieOptions ReadHomie(SettingsSection homie)
    {
        var usual = new HomieOptions();
        var read = new HomieOptions(homie.Bool("enabled", usual.Enabled), homie.Text("domain", usual.Domain, Topics.IdCharsMax));
        if (!HomieNames.IsId(read.Domain))
        {
            homie.Fault("domain", $"is \"{read.Domain}\"; use lower-case letters, digits and -");
        }

        homie.Done();
        return read;
    }

    private static BoardOptions ReadBoards(SettingsSection root)
    {
        string word = root.Choice("role", "both", "both", "brain", "hands");
        var role = word switch
        {
            "brain" => BoardRole.Brain,
            "hands" => BoardRole.Hands,
            _ => BoardRole.Both,
        };
        if (role == BoardRole.Brain && root.Items("devices").Count > 0)
        {
            root.Fault("role", "is brain, which has no devices of its own; use both, or declare them at the board they are wired to");
        }

        var boards = root.Section("boards");
        string? house = boards.OptionalText("house", Topics.IdCharsMax);
        if (house is not null && !Topics.IsId(house))
        {
            boards.Fault("house", $"is \"{house}\"; {Topics.IdRule}");
        }
        else if (house is not null && role == BoardRole.Hands)
        {
            boards.Fault("house", "is for brains, which share its commands; role is hands, so leave it out");
        }

        bool announce = boards.Bool("announce", role == BoardRole.Hands || (role == BoardRole.Both && house is not null));
        var read = new BoardOptions(role, house, announce, boards.OptionalDuration("answerWithin", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)) ?? default)
        {
            Brains = Ids(boards, "brains"),
            Hands = Ids(boards, "hands"),
        };
        boards.Done();
        return read;
    }

    private static IReadOnlyList<string> Ids(SettingsSection section, string key)
    {
        IReadOnlyList<string> ids = section.Has(key) ? section.Texts(key, 64) : [];
        if (ids.FirstOrDefault(id => !Topics.IsId(id)) is { } wrong)
        {
            section.Fault(key, $"has \"{wrong}\", which is no board's id; {Topics.IdRule}");
        }

        return ids;
    }

    private static ModelOptions ReadModel(SettingsSection model)
    {
        var usual = new ModelOptions();
        var read = new ModelOptions(
            model.OptionalText("folder"),
            model.Integer("tokensMax", usual.TokensMax, 8, 4096),
            model.Integer("threads", usual.Threads, 0, 64))
        {
            ContextMax = model.Integer("contextMax", usual.ContextMax, 256, 1 << 17),
            OffersAllowedOnly = model.Choice("offer", "all", "all", "allowed") == "allowed",
        };
        model.Done();
        return read;
    }

    private static CommandOptions ReadCommands(SettingsSection commands)
    {
        var usual = new CommandOptions();
        var read = new CommandOptions(
            commands.Integer("queueMax", usual.QueueMax, 1, 1000),
            commands.Duration("timeMax", usual.TimeMax, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            commands.Integer("roundsMax", usual.RoundsMax, 1, 16))
        {
            AgeMax = commands.Duration("ageMax", usual.AgeMax, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
        commands.Done();
        return read;
    }

    private static LogLevel ReadLogging(SettingsSection logging)
    {
        string level = logging.Choice("level", "information", "trace", "debug", "information", "warning", "error", "none");
        logging.Done();
        return level switch
        {
            "trace" => LogLevel.Trace,
            "debug" => LogLevel.Debug,
            "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            "none" => LogLevel.None,
            _ => LogLevel.Information,
        };
    }
}

/// <summary>The section <c>model</c>.</summary>
/// <param name="Folder">A converted model; relative to edge.yaml. Null for the shipped one.</param>
/// <param name="TokensMax">The model writes at most this many tokens in one answer.</param>
/// <param name="Threads">For the model; 0 for one a core.</param>
public sealed record ModelOptions(string? Folder = null, int TokensMax = 256, int Threads = 0)
{
    /// <summary>Tokens of a prompt and its answer together; the model's own limit at most.</summary>
    public int ContextMax { get; init; } = DecoderOptions.Default.ContextMax;

    /// <summary>What is interlocked or cannot be reached now is left out of what the model can say.</summary>
    public bool OffersAllowedOnly { get; init; }
}

/// <summary>The section <c>commands</c>.</summary>
/// <param name="QueueMax">How many commands may wait.</param>
/// <param name="TimeMax">From receipt to the deadline of a command.</param>
/// <param name="RoundsMax">How often the model is asked for one command.</param>
public sealed record CommandOptions(int QueueMax, TimeSpan TimeMax, int RoundsMax)
{
    public CommandOptions()
        : this(CommandQueue.CapacityDefault, TimeSpan.FromSeconds(30), 4)
    {
    }

    /// <summary>A command that may have waited in the broker longer than this is refused.</summary>
    public TimeSpan AgeMax { get; init; } = TimeSpan.FromSeconds(60);
}
