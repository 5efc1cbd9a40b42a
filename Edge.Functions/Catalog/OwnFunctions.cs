using System.Text.Json;
using Edge.Functions.Devices;
using Edge.Functions.Settings;

namespace Edge.Functions.Catalog;

/// <summary>
/// Reads <c>functions:</c> of edge.yaml: OpenAI metadata (as JSON or YAML, with or without the outer <c>function:</c>) and an action.
/// <code>
/// functions:
///   - name: open_gate
///     description: Open the garden gate
///     action: {pulse: garden gate, for: 500ms}
/// </code>
/// </summary>
public static class OwnFunctions
{
    public const int FunctionsMax = 64;

    private const int ActionsMax = 16;

    /// <param name="root">The whole file.</param>
    /// <param name="devices">Those that actions may name; moving one that is not exposed is refused by the gate later.</param>
    /// <param name="taken">Names of derived functions.</param>
    public static IReadOnlyList<CatalogFunction> Read(SettingsSection root, IReadOnlyList<DeviceDeclaration> devices, IEnumerable<string> taken)
    {
        var targets = devices.ToDictionary(d => d.Name, IReadOnlyList<DeviceDeclaration> (d) => [d], StringComparer.OrdinalIgnoreCase);
        foreach (var group in DeviceGroups.Of([.. devices.Where(d => d.Expose)]))
        {
            targets.TryAdd(group.Name, group.Members);
        }

        var names = new HashSet<string>(taken, StringComparer.Ordinal);
        var functions = new List<CatalogFunction>();
        foreach (var section in root.Sections("functions", FunctionsMax))
        {
            if (ReadFunction(section, targets) is not { } function)
            {
                continue;
            }

            if (names.Add(function.Name))
            {
                functions.Add(function);
            }
            else
            {
                section.Itself.Fault($"is named {function.Name}, as another function is; choose another name");
            }
        }

        return functions;
    }

    private static CatalogFunction? ReadFunction(SettingsSection outer, Dictionary<string, IReadOnlyList<DeviceDeclaration>> targets)
    {
        outer.Choice("type", "function", "function");
        var section = outer.Has("function") ? outer.Section("function") : outer;
        string name = section.RequiredText("name", "name the function, as open_gate", 64);
        string description = section.Text("description", "", 200);
        section.Bool("strict", false);
        var json = section.Json("parameters");
        string? said = outer.OptionalText("say", 200);
        var (definition, schema) = ReadDefinition(section, name, description, json);
        var action = outer.Value("action");
        var templates = ReadActions(action, new Scope(definition, targets));
        outer.Done();
        if (section != outer)
        {
            section.Done();
        }

        return definition is null || schema is null || templates.Count == 0 ? null : new CatalogFunction(definition, schema, templates, targets, said);
    }

    private static (FunctionDefinition?, JsonSchema?) ReadDefinition(SettingsSection section, string name, string description, JsonElement? parameters)
    {
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-')))
        {
            section.Fault("name", $"is \"{name}\"; use letters, digits, _ . and -");
        }

        if (name.Length == 0)
        {
            return (null, null);
        }

        try
        {
            using var none = JsonDocument.Parse("""{"type":"object","properties":{}}""");
            var definition = new FunctionDefinition(name, description, parameters ?? none.RootElement.Clone());
            if (definition.Parameters.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("parameters is no object; use a JSON Schema of type object");
            }

            return (definition, JsonSchema.Parse(definition.Parameters));
        }
        catch (FormatException e)
        {
            section.Itself.Fault($"is no function: {e.Message.TrimEnd('.')}");
            return (null, null);
        }
    }

    /// <summary>One action, a list of them, or <c>sequence:</c> with a list.</summary>
    private static List<ActionTemplate> ReadActions(SettingsValue action, Scope scope)
    {
        if (!action.IsPresent)
        {
            action.Fault("is missing; use set, pulse, beep, tone, read or publish");
            return [];
        }

        if (action.IsSection)
        {
            var section = action.Section();
            if (section.Has("sequence"))
            {
                section.Done();
                return ReadActions(section.Value("sequence"), scope);
            }

            return ReadAction(section, scope) is { } template ? [template] : [];
        }

        return [.. action.Items(ActionsMax).Select(item => ReadAction(item.Section(), scope)).OfType<ActionTemplate>()];
    }

    private static ActionTemplate? ReadAction(SettingsSection section, Scope scope)
    {
        string[] verbs = ["set", "pulse", "beep", "tone", "read", "publish"];
        string? verb = verbs.FirstOrDefault(section.Has);
        ActionTemplate? template = verb switch
        {
            "set" => new ActionTemplate.Set(scope.Device(section.Value(verb)), scope.Slot(section.Value("to"))),
            "pulse" => new ActionTemplate.Pulse(scope.Device(section.Value(verb)), scope.Slot(section.Value("for"))),
            "beep" => new ActionTemplate.Beep(scope.Device(section.Value(verb)), scope.Slot(section.Value("times"))),
            "tone" => new ActionTemplate.Tone(scope.Device(section.Value(verb)), scope.Slot(section.Value("hz")), scope.Slot(section.Value("for"))),
            "read" => new ActionTemplate.Read(scope.Device(section.Value(verb))),
            "publish" => ReadPublish(section, scope),
            _ => null,
        };
        if (template is null)
        {
            section.Itself.Fault("names no action; use set, pulse, beep, tone, read or publish");
        }
        else
        {
            section.Done();
        }

        return template;
    }

    private static ActionTemplate.Publish ReadPublish(SettingsSection section, Scope scope)
    {
        var topic = section.Value("publish");
        string text = topic.Text("", 256);
        if (text.Length == 0 || text[0] == '$' || text.Any(c => c is '+' or '#' || char.IsControl(c)))
        {
            topic.Fault($"is \"{text}\"; use a topic without + and #, as garden/gate/set");
        }

        scope.CheckPlaceholders(topic, text);
        var payload = section.Json("payload");
        return new ActionTemplate.Publish(text, payload ?? Text(""), section.Bool("retain", false));
    }

    private static JsonElement Text(string text) => ((Slot.Fixed)Slot.Text(text)).Value;

    /// <summary>What an action may refer to: the function's arguments and the devices.</summary>
    private sealed class Scope(FunctionDefinition? definition, Dictionary<string, IReadOnlyList<DeviceDeclaration>> targets)
    {
        /// <summary>A device's name, a group's, or <c>{argument}</c>.</summary>
        public Slot Device(SettingsValue value)
        {
            var slot = Slot(value);
            if (slot is Catalog.Slot.Fixed { Value: { ValueKind: JsonValueKind.String } text } && !targets.ContainsKey(text.GetString()!))
            {
                string? nearest = NearestName.Find(text.GetString()!, targets.Keys);
                value.Fault($"is {text.GetString()}, which is no device{(nearest is null ? "; declare it under devices" : $"; did you mean {nearest}?")}");
            }

            return slot;
        }

        public Slot Slot(SettingsValue value)
        {
            if (value.Json() is not { } json || json.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                value.Fault("is missing; give a value, or {argument} for one of the call's");
                return Catalog.Slot.Text("");
            }

            if (json.ValueKind == JsonValueKind.String && Placeholder(json.GetString()!) is { } name)
            {
                CheckArgument(value, name);
                return new Slot.Argument(name);
            }

            return new Slot.Fixed(json);
        }

        /// <summary>In a topic every brace is a placeholder.</summary>
        public void CheckPlaceholders(SettingsValue value, string text)
        {
            foreach (var match in TemplateText.Placeholders(text))
            {
                CheckArgument(value, match);
            }
        }

        private void CheckArgument(SettingsValue value, string name)
        {
            if (definition is null)
            {
                return;
            }

            var required = definition.Parameters.TryGetProperty("required", out var r) ? r.EnumerateArray().Select(x => x.GetString()!).ToList() : [];
            if (!required.Contains(name))
            {
                value.Fault($"uses {{{name}}}, which is no required parameter of {definition.Name}; declare it under parameters, and under required");
            }
        }

        private static string? Placeholder(string text) => text.Length > 2 && text[0] == '{' && text[^1] == '}' ? text[1..^1] : null;
    }
}
