using System.Globalization;
using System.Text.Json;

namespace Edge.Functions.Settings;

/// <summary>
/// One value of the settings, perhaps absent, that knows its path (<c>mqtt.port</c>) and its place (<c>edge.yaml, line 12</c>).
/// Every read gives a usable value: a wrong one becomes a fault and the fallback is returned.
/// </summary>
public sealed class SettingsValue
{
    private readonly SettingsNode? _node;
    private readonly string _file;
    private readonly SettingsFaults _faults;

    internal SettingsValue(SettingsNode? node, string path, string file, int line, SettingsFaults faults)
    {
        _node = node is SettingsNode.Scalar { IsNothing: true } ? null : node;
        Path = path;
        _file = file;
        Line = node?.Line ?? line;
        _faults = faults;
    }

    /// <summary>Dotted, with list positions from 0: <c>devices[2].name</c>; empty for the whole file.</summary>
    public string Path { get; }

    /// <summary>From 1; for an absent value the line of what should hold it.</summary>
    public int Line { get; }

    /// <summary>For the end of a message: <c>edge.yaml, line 12</c>.</summary>
    public string Place => string.Create(CultureInfo.InvariantCulture, $"{_file}, line {Line}");

    public bool IsPresent => _node is not null;

    public bool IsText => _node is SettingsNode.Scalar;

    public bool IsList => _node is SettingsNode.Sequence;

    public bool IsSection => _node is SettingsNode.Mapping;

    /// <summary>Adds <c>{path} {problem} ({place}).</c></summary>
    /// <param name="problem">What is wrong and the way out, without a full stop: <c>is 70000; use 1 to 65535</c>.</param>
    public void Fault(string problem) => _faults.Add($"{(Path.Length == 0 ? _file : Path)} {problem} ({Place}).");

    public string Text(string fallback, int lengthMax = 1024)
    {
        if (Scalar("text") is not { } text)
        {
            return fallback;
        }

        return text.Length <= lengthMax ? text : Refuse(fallback, $"has {text.Length} characters; use at most {lengthMax}");
    }

    /// <summary>As <see cref="Text"/>, null when absent.</summary>
    public string? OptionalText(int lengthMax = 1024) => IsPresent ? Text("", lengthMax) : null;

    /// <summary>A text that must be there; a fault and "" when it is not.</summary>
    /// <param name="wayOut">What to write, for example <c>give the device a name</c>.</param>
    public string RequiredText(string wayOut, int lengthMax = 1024)
    {
        string text = Text("", lengthMax);
        if (!IsPresent || (IsText && text.Trim().Length == 0))
        {
            Fault($"is missing; {wayOut}");
        }

        return text;
    }

    /// <summary>Decimal, or hexadecimal with <c>0x</c> as addresses are written.</summary>
    public int Integer(int fallback, int min, int max) => OptionalInteger(min, max) ?? fallback;

    public int? OptionalInteger(int min, int max)
    {
        string kind = $"a whole number from {min} to {max}";
        if (Scalar(kind) is not { } text)
        {
            return null;
        }

        bool hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isInteger = hex
            ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long value)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        if (!isInteger)
        {
            return Refuse<int?>(null, $"is {Quote(text)}; use {kind}");
        }

        return value >= min && value <= max ? (int)value : Refuse<int?>(null, $"is {text}; use {min} to {max}");
    }

    public double Number(double fallback, double min, double max) => OptionalNumber(min, max) ?? fallback;

    public double? OptionalNumber(double min, double max)
    {
        string range = string.Create(CultureInfo.InvariantCulture, $"{min} to {max}");
        if (Scalar($"a number from {range}") is not { } text)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
        {
            return Refuse<double?>(null, $"is {Quote(text)}; use a number from {range}");
        }

        return value >= min && value <= max ? value : Refuse<double?>(null, $"is {text}; use {range}");
    }

    public bool Bool(bool fallback) => OptionalBool() ?? fallback;

    public bool? OptionalBool() => Scalar("true or false") switch
    {
        null => null,
        { } text when text.ToUpperInvariant() is "TRUE" or "YES" or "ON" => true,
        { } text when text.ToUpperInvariant() is "FALSE" or "NO" or "OFF" => false,
        { } text => Refuse<bool?>(null, $"is {Quote(text)}; use true or false"),
    };

    /// <summary>A number with a unit: <c>500ms</c>, <c>10s</c>, <c>2min</c>, <c>1h</c>.</summary>
    public TimeSpan Duration(TimeSpan fallback, TimeSpan min, TimeSpan max) => OptionalDuration(min, max) ?? fallback;

    public TimeSpan? OptionalDuration(TimeSpan min, TimeSpan max)
    {
        string range = $"{DurationText.Format(min)} to {DurationText.Format(max)}";
        if (Scalar($"a duration from {range}") is not { } text)
        {
            return null;
        }

        if (DurationText.Parse(text) is not { } value)
        {
            return Refuse<TimeSpan?>(null, $"is {Quote(text)}; use a number with ms, s, min or h, from {range}");
        }

        return value >= min && value <= max ? value : Refuse<TimeSpan?>(null, $"is {text}; use {range}");
    }

    /// <summary>One of <paramref name="allowed"/>, compared without regard to case, given as spelled there.</summary>
    public string Choice(string fallback, params ReadOnlySpan<string> allowed)
    {
        if (Scalar("one of " + string.Join(", ", allowed)) is not { } text)
        {
            return fallback;
        }

        foreach (string choice in allowed)
        {
            if (string.Equals(choice, text, StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }
        }

        string? nearest = NearestName.Find(text, allowed.ToArray());
        string guess = nearest is null ? "" : $", perhaps {nearest}";
        return Refuse(fallback, $"is {Quote(text)}; use one of {string.Join(", ", allowed)}{guess}");
    }

    /// <summary>The entries of a list; empty when absent. A single scalar counts as a list of one.</summary>
    public IReadOnlyList<SettingsValue> Items(int countMax = 256)
    {
        switch (_node)
        {
            case null:
                return [];
            case SettingsNode.Sequence sequence when sequence.Items.Count > countMax:
                return Refuse<IReadOnlyList<SettingsValue>>([], $"has {sequence.Items.Count} entries; use at most {countMax}");
            case SettingsNode.Sequence sequence:
                return [.. sequence.Items.Select((item, i) => new SettingsValue(item, $"{Path}[{i}]", _file, item.Line, _faults))];
            case SettingsNode.Scalar:
                return [this];
            default:
                return Refuse<IReadOnlyList<SettingsValue>>([], "has keys; use a list, each entry with a leading \"- \"");
        }
    }

    /// <summary>The value as keys and values; an empty section when absent.</summary>
    public SettingsSection Section()
    {
        if (_node is not null and not SettingsNode.Mapping)
        {
            Fault($"is {Kind}; use keys and values, each as \"key: value\"");
        }

        return new SettingsSection(_node as SettingsNode.Mapping, this);
    }

    /// <summary>The value as JSON: plain <c>true</c>, <c>12</c>, <c>1.5</c> become what they look like, quoted text stays text. Null when absent.</summary>
    public JsonElement? Json() => _node is null ? null : SettingsJson.Convert(_node);

    internal SettingsValue Child(string key, SettingsNode.Entry? entry) =>
        new(entry?.Value, Path.Length == 0 ? key : $"{Path}.{key}", _file, entry?.Line ?? Line, _faults);

    internal SettingsFaults Faults => _faults;

    internal string File => _file;

    private string Kind => _node switch
    {
        SettingsNode.Sequence => "a list",
        SettingsNode.Mapping => "a section with keys",
        SettingsNode.Scalar scalar => Quote(scalar.Text),
        _ => "absent",
    };

    private string? Scalar(string wanted)
    {
        if (_node is null or SettingsNode.Scalar)
        {
            return (_node as SettingsNode.Scalar)?.Text;
        }

        Fault($"is {Kind}; use {wanted}");
        return null;
    }

    private T Refuse<T>(T fallback, string problem)
    {
        Fault(problem);
        return fallback;
    }

    private static string Quote(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return "\"" + (line.Length <= 60 ? line : line[..60] + "…") + "\"";
    }
}
