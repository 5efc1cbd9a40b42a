using System.Text.Json;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;

namespace Edge.Functions.Calls;

/// <summary>A call whose function exists and whose arguments are typed, in range and spelled as declared. It is not yet allowed.</summary>
/// <param name="Arguments">Name → value.</param>
/// <param name="Actions">What it wants done, in order.</param>
public sealed record BoundCall(CatalogFunction Function, IReadOnlyDictionary<string, JsonElement> Arguments, IReadOnlyList<HouseAction> Actions)
{
    private static readonly JsonElement NoParameters = ReadNoParameters();

    public string Name => Function.Name;

    /// <summary>An action that was asked for without a function. It is as little allowed as any other.</summary>
    public static BoundCall Direct(DeviceAction action)
    {
        var definition = new FunctionDefinition(action.Device.Name, "", NoParameters);
        var function = new CatalogFunction(definition, JsonSchema.Parse(NoParameters), [], new Dictionary<string, IReadOnlyList<DeviceDeclaration>>());
        return new BoundCall(function, new Dictionary<string, JsonElement>(), [action]);
    }

    private static JsonElement ReadNoParameters()
    {
        using var document = JsonDocument.Parse("""{"type":"object","properties":{}}""");
        return document.RootElement.Clone();
    }
}
