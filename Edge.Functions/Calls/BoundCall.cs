using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;

namespace Edge.Functions.Calls;

/// <summary>A call whose function exists and whose arguments are typed, in range and spelled as declared. It is not yet allowed.</summary>
/// <param name="Arguments">Name → value.</param>
/// <param name="Actions">What it wants done, in order.</param>
public sealed record BoundCall(CatalogFunction Function, IReadOnlyDictionary<string, JsonElement> Arguments, IReadOnlyList<HouseAction> Actions)
{
    private static readonly JsonElement NoParameters = ReadNoParameters();

    public string Name => Function.Name;

    /// <summary>Somebody named the very device and action, in a hub or a rule; no model understood a sentence.</summary>
    public bool IsDirect { get; private init; }

    /// <summary>On whose behalf.</summary>
    public Errand Errand { get; init; } = Errand.None;

    /// <summary>Something moves or is sent.</summary>
    public bool Acts => Actions.Any(a => a is not DeviceAction { Moves: false });

    /// <summary>The arguments as one object.</summary>
    public JsonElement ToJson()
    {
        var json = new JsonObject(Arguments.Select(a => KeyValuePair.Create(a.Key, JsonNode.Parse(a.Value.GetRawText()))));
        using var document = JsonDocument.Parse(json.ToJsonString());
        return document.RootElement.Clone();
    }

    /// <summary>An action that was asked for without a function. It is as little allowed as any other.</summary>
    /// <param name="isDirect">False where a model understood a sentence after all, at another board.</param>
    public static BoundCall Direct(DeviceAction action, bool isDirect = true)
    {
        var definition = new FunctionDefinition(action.Device.Name, "", NoParameters);
        var function = new CatalogFunction(definition, JsonSchema.Parse(NoParameters), [], new Dictionary<string, IReadOnlyList<DeviceDeclaration>>());
        return new BoundCall(function, new Dictionary<string, JsonElement>(), [action]) { IsDirect = isDirect };
    }

    private static JsonElement ReadNoParameters()
    {
        using var document = JsonDocument.Parse("""{"type":"object","properties":{}}""");
        return document.RootElement.Clone();
    }
}
