using System.Text.Json;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;

namespace Edge.Functions.Calls;

/// <summary>A call whose function exists and whose arguments are typed, in range and spelled as declared. It is not yet allowed.</summary>
/// <param name="Arguments">Name → value.</param>
/// <param name="Actions">What it wants done, in order.</param>
public sealed record BoundCall(CatalogFunction Function, IReadOnlyDictionary<string, JsonElement> Arguments, IReadOnlyList<HouseAction> Actions)
{
    public string Name => Function.Name;
}
