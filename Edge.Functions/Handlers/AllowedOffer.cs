using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;
using Edge.Functions.Safety;

namespace Edge.Functions.Handlers;

/// <summary>
/// Without what the gate would refuse now whatever the other arguments are: interlocked, in need of something else, too hot; and without what
/// cannot be reached. What only has to wait a moment (dwell, too soon) stays. It only narrows: the gate judges every call all the same.
/// </summary>
internal sealed class AllowedOffer(FunctionCatalog catalog, SafetyPolicy policy, DeviceRegistry registry, Devices.Remote.RemoteBus remote, Safeguards safeguards, TimeProvider clock) : ICatalogOffer
{
    /// <summary>Values of one other argument that are tried beside a listed one.</summary>
    private const int ValuesTriedMax = 8;

    private readonly CallBinder _binder = new(catalog);
    private IReadOnlyList<FunctionDefinition> _last = [];
    private string _lastKey = "";

    public IReadOnlyList<FunctionDefinition> Now()
    {
        int version = catalog.Version;
        var functions = catalog.Functions;
        var house = registry.Snapshot(safeguards.IsTooHot);
        var left = functions.Select(function => LeftOut(function, house)).ToList();
        string key = version + "\n" + string.Join('\n', left.Select(l => l is null ? "-" : string.Join('\t', l)));
        if (key == _lastKey)
        {
            return _last;
        }

        var offered = functions.Zip(left, (function, values) => Narrow(function, values)).OfType<FunctionDefinition>().ToList();

        // A grammar of nothing says nothing; the gate at least says why.
        _last = offered.Count > 0 ? offered : catalog.Definitions;
        _lastKey = key;
        return _last;
    }

    /// <summary>The listed values that lead nowhere; all of them if the function has none that leads anywhere; null for nothing to leave out.</summary>
    private List<string>? LeftOut(CatalogFunction function, HouseState house)
    {
        if (DeviceArgument(function) is not { } argument)
        {
            return Leads(function, null, null, house) ? null : [];
        }

        var dead = Listed(function, argument).Where(value => !Leads(function, argument, value, house)).ToList();
        return dead.Count == 0 ? null : dead;
    }

    /// <summary>Whether some call with that value would pass, or fail for another reason than the moment.</summary>
    private bool Leads(CatalogFunction function, string? argument, string? value, HouseState house)
    {
        foreach (var arguments in Samples(function, argument, value))
        {
            using var document = JsonDocument.Parse(arguments.ToJsonString());
            if (_binder.Bind(new FunctionCall(function.Name, document.RootElement)) is not Binding.Bound bound)
            {
                return true;
            }

            bool refused = policy.Check(bound.Call, clock.GetUtcNow(), house, isConfirmed: true) is Verdict.Denied { Denial.Code: "interlocked" or "requires" or "required" or "too-hot" };
            if (!refused && bound.Call.Actions.All(action => action is not DeviceAction onDevice || CanReach(onDevice)))
            {
                return true;
            }
        }

        return false;
    }

    private bool CanReach(DeviceAction action) => action.Device.Wiring switch
    {
        Wiring.Remote => remote.IsAttached || !action.Moves,
        Wiring.Measuring => action.Moves || registry.Find(action.Device.Name) is { State.IsKnown: true },
        _ => true,
    };

    /// <summary>Calls with every value of each other argument once, the rest as small as they may be.</summary>
    private static IEnumerable<JsonObject> Samples(CatalogFunction function, string? argument, string? value)
    {
        var properties = Properties(function.Definition.Parameters).Where(p => p.Name != argument).ToList();
        JsonObject Call(int changed, JsonNode? to)
        {
            var call = new JsonObject();
            foreach (var (property, i) in properties.Select((p, i) => (p, i)))
            {
                call[property.Name] = i == changed ? to : Values(property.Value).First();
            }

            if (argument is not null)
            {
                call[argument] = value;
            }

            return call;
        }

        yield return Call(-1, null);
        for (int i = 0; i < properties.Count; i++)
        {
            foreach (var other in Values(properties[i].Value).Skip(1).Take(ValuesTriedMax))
            {
                yield return Call(i, other);
            }
        }
    }

    private static IEnumerable<JsonNode?> Values(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var list))
        {
            return list.EnumerateArray().Select(v => JsonNode.Parse(v.GetRawText()));
        }

        string type = schema.TryGetProperty("type", out var t) && t.ValueKind == JsonValueKind.String ? t.GetString()! : "string";
        return type switch
        {
            "integer" or "number" => [Number(schema, "minimum", 0), Number(schema, "maximum", 100)],
            "boolean" => [true, false],
            "array" => [new JsonArray()],
            "object" => [new JsonObject()],
            _ => ["x"],
        };
    }

    private static JsonNode Number(JsonElement schema, string keyword, int usual) => schema.TryGetProperty(keyword, out var bound) ? JsonNode.Parse(bound.GetRawText())! : usual;

    /// <summary>The function without those values; null where none is left.</summary>
    private static FunctionDefinition? Narrow(CatalogFunction function, List<string>? values)
    {
        if (values is null)
        {
            return function.Definition;
        }

        if (DeviceArgument(function) is not { } argument || values.Count == Listed(function, argument).Count())
        {
            return null;
        }

        var parameters = JsonNode.Parse(function.Definition.Parameters.GetRawText())!.AsObject();
        parameters["properties"]![argument]!["enum"] = new JsonArray([.. Listed(function, argument).Except(values).Select(value => (JsonNode)value)]);
        using var document = JsonDocument.Parse(parameters.ToJsonString());
        return function.Definition with { Parameters = document.RootElement.Clone() };
    }

    /// <summary>The argument that names a device, where its values are listed.</summary>
    private static string? DeviceArgument(CatalogFunction function) => function.Actions
        .Select(action => action switch
        {
            ActionTemplate.Set { Device: Slot.Argument slot } => slot.Name,
            ActionTemplate.Pulse { Device: Slot.Argument slot } => slot.Name,
            ActionTemplate.Beep { Device: Slot.Argument slot } => slot.Name,
            ActionTemplate.Read { Device: Slot.Argument slot } => slot.Name,
            _ => null,
        })
        .FirstOrDefault(name => name is not null && Listed(function, name).Any());

    private static IEnumerable<string> Listed(CatalogFunction function, string argument) =>
        Properties(function.Definition.Parameters).FirstOrDefault(p => p.Name == argument) is { Value.ValueKind: JsonValueKind.Object } property
            && property.Value.TryGetProperty("enum", out var list)
            ? list.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)
            : [];

    private static IEnumerable<JsonProperty> Properties(JsonElement parameters) =>
        parameters.TryGetProperty("properties", out var properties) ? properties.EnumerateObject() : Enumerable.Empty<JsonProperty>();
}
