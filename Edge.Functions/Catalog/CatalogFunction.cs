using Edge.Functions.Devices;

namespace Edge.Functions.Catalog;

/// <summary>A function with what stands behind it.</summary>
/// <param name="Definition">What the model sees.</param>
/// <param name="Schema">Checks its arguments.</param>
/// <param name="Actions">Done in order.</param>
/// <param name="Targets">Name → devices, for the device slots of the actions; without regard to case.</param>
/// <param name="Said">The owner's sentence when all was done; null for one made from what was read back.</param>
public sealed record CatalogFunction(
    FunctionDefinition Definition,
    JsonSchema Schema,
    IReadOnlyList<ActionTemplate> Actions,
    IReadOnlyDictionary<string, IReadOnlyList<DeviceDeclaration>> Targets,
    string? Said = null)
{
    public string Name => Definition.Name;

    /// <summary>Whether it only reads: nothing moves and nothing is sent.</summary>
    public bool IsReading => Actions.All(a => a is ActionTemplate.Read);
}
