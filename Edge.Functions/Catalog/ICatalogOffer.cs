namespace Edge.Functions.Catalog;

/// <summary>What a model may be offered at this moment. Prompts hold the whole catalogue, which is what their cache is kept for; only the grammar follows.</summary>
public interface ICatalogOffer
{
    /// <summary>The catalogue's functions in their order, as they are or narrower; the same list as before while nothing has changed.</summary>
    IReadOnlyList<FunctionDefinition> Now();
}
