namespace Edge.Functions.Catalog;

/// <summary>
/// What may be called now. A reader takes one <see cref="Functions"/> list and works with it to the end; when devices come or go a new
/// list replaces it and <see cref="Changed"/> is raised.
/// </summary>
public sealed class FunctionCatalog(IReadOnlyList<CatalogFunction> functions)
{
    private volatile Snapshot _now = new(functions, 1);

    /// <summary>The list became another one; prompts and grammars made from the old one are outdated.</summary>
    public event Action? Changed;

    /// <summary>In the order of the prompt: derived ones, then the owner's.</summary>
    public IReadOnlyList<CatalogFunction> Functions => _now.Functions;

    /// <summary>Grows with every replacement.</summary>
    public int Version => _now.Version;

    public IReadOnlyList<FunctionDefinition> Definitions => [.. _now.Functions.Select(f => f.Definition)];

    public CatalogFunction? Find(string name)
    {
        foreach (var function in _now.Functions)
        {
            if (function.Name == name)
            {
                return function;
            }
        }

        return null;
    }

    public void Replace(IReadOnlyList<CatalogFunction> functions)
    {
        _now = new Snapshot(functions, _now.Version + 1);
        Changed?.Invoke();
    }

    private sealed record Snapshot(IReadOnlyList<CatalogFunction> Functions, int Version);
}
