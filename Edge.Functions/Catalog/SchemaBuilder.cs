using System.Text.Json;
using System.Text.Json.Nodes;

namespace Edge.Functions.Catalog;

/// <summary>Builds the parameters of derived functions: all required, in the order given.</summary>
internal sealed class SchemaBuilder
{
    private readonly JsonObject _properties = [];
    private readonly JsonArray _required = [];

    public SchemaBuilder Choice(string name, IEnumerable<string> choices)
    {
        var values = new JsonArray();
        foreach (string choice in choices)
        {
            values.Add((JsonNode)choice);
        }

        return Add(name, new JsonObject { ["type"] = "string", ["enum"] = values });
    }

    public SchemaBuilder Integer(string name, int min, int max) =>
        Add(name, new JsonObject { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max });

    public JsonElement Build()
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = _properties };
        if (_required.Count > 0)
        {
            schema["required"] = _required;
        }

        using var document = JsonDocument.Parse(schema.ToJsonString());
        return document.RootElement.Clone();
    }

    private SchemaBuilder Add(string name, JsonObject schema)
    {
        _properties[name] = schema;
        _required.Add((JsonNode)name);
        return this;
    }
}
