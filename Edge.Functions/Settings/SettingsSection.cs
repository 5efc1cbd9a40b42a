using System.Text.Json;

namespace Edge.Functions.Settings;

/// <summary>
/// Keys and values of the settings. Read every key the section may hold, then call <see cref="Done"/>: what nobody asked for
/// is a fault, so that a misspelled setting stops the start instead of being ignored.
/// <code>
/// var mqtt = root.Section("mqtt");
/// int port = mqtt.Integer("port", 1883, 1, 65535);
/// mqtt.Done();
/// </code>
/// </summary>
public sealed class SettingsSection
{
    private readonly SettingsNode.Mapping? _mapping;
    private readonly List<string> _known = [];

    internal SettingsSection(SettingsNode.Mapping? mapping, SettingsValue value)
    {
        _mapping = mapping;
        Itself = value;
    }

    /// <summary>The section as a value: its path, its place, whether it is there.</summary>
    public SettingsValue Itself { get; }

    public bool IsPresent => Itself.IsPresent;

    /// <summary>The keys present, in the file's order.</summary>
    public IReadOnlyList<string> Keys => _mapping is null ? [] : [.. _mapping.Entries.Select(e => e.Key)];

    public bool Has(string key) => Value(key).IsPresent;

    /// <summary>The value under <paramref name="key"/>, perhaps absent; the key is known from now on.</summary>
    public SettingsValue Value(string key)
    {
        if (!_known.Contains(key))
        {
            _known.Add(key);
        }

        return Itself.Child(key, _mapping?.Find(key));
    }

    public string Text(string key, string fallback, int lengthMax = 1024) => Value(key).Text(fallback, lengthMax);

    public string? OptionalText(string key, int lengthMax = 1024) => Value(key).OptionalText(lengthMax);

    public string RequiredText(string key, string wayOut, int lengthMax = 1024) => Value(key).RequiredText(wayOut, lengthMax);

    public int Integer(string key, int fallback, int min, int max) => Value(key).Integer(fallback, min, max);

    public int? OptionalInteger(string key, int min, int max) => Value(key).OptionalInteger(min, max);

    public double Number(string key, double fallback, double min, double max) => Value(key).Number(fallback, min, max);

    public double? OptionalNumber(string key, double min, double max) => Value(key).OptionalNumber(min, max);

    public bool Bool(string key, bool fallback) => Value(key).Bool(fallback);

    public bool? OptionalBool(string key) => Value(key).OptionalBool();

    /// <inheritdoc cref="SettingsValue.Duration"/>
    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan min, TimeSpan max) => Value(key).Duration(fallback, min, max);

    public TimeSpan? OptionalDuration(string key, TimeSpan min, TimeSpan max) => Value(key).OptionalDuration(min, max);

    /// <inheritdoc cref="SettingsValue.Choice"/>
    public string Choice(string key, string fallback, params ReadOnlySpan<string> allowed) => Value(key).Choice(fallback, allowed);

    /// <summary>A list of texts; empty when absent.</summary>
    public IReadOnlyList<string> Texts(string key, int countMax = 256) => [.. Value(key).Items(countMax).Select(v => v.Text(""))];

    public IReadOnlyList<SettingsValue> Items(string key, int countMax = 256) => Value(key).Items(countMax);

    /// <summary>A list of sections.</summary>
    public IReadOnlyList<SettingsSection> Sections(string key, int countMax = 256) => [.. Value(key).Items(countMax).Select(v => v.Section())];

    public SettingsSection Section(string key) => Value(key).Section();

    /// <inheritdoc cref="SettingsValue.Json"/>
    public JsonElement? Json(string key) => Value(key).Json();

    /// <summary>A fault about the value under <paramref name="key"/>, see <see cref="SettingsValue.Fault"/>.</summary>
    public void Fault(string key, string problem) => Value(key).Fault(problem);

    /// <summary>Every key that was never asked for becomes a fault, with the nearest known one.</summary>
    public void Done()
    {
        foreach (var entry in _mapping?.Entries ?? [])
        {
            if (!_known.Contains(entry.Key))
            {
                string? nearest = NearestName.Find(entry.Key, _known);
                var value = Itself.Child(entry.Key, entry);
                Itself.Faults.Add(nearest is null
                    ? $"{value.Path} is not known; use {string.Join(", ", _known.Order(StringComparer.Ordinal))} ({Itself.File}, line {entry.Line})."
                    : $"{value.Path} is not known; did you mean {nearest}? ({Itself.File}, line {entry.Line})");
            }
        }
    }
}
