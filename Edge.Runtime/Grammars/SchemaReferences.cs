using System.Globalization;
using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>Follows <c>$ref</c> inside one document: <c>#</c> and JSON pointers (<c>#/$defs/name</c>).</summary>
internal sealed class SchemaReferences(JsonElement root)
{
    /// <exception cref="SchemaFault">The reference leaves the document or points nowhere.</exception>
    public SchemaPart Resolve(SchemaPart from)
    {
        var value = from.Schema.GetProperty("$ref");
        string reference = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw from.Fault("$ref", "must be a string.");
        if (reference != "#" && !reference.StartsWith("#/", StringComparison.Ordinal))
        {
            throw from.Fault("$ref", $"{reference} leaves the document; use \"#\" or \"#/$defs/NAME\".");
        }

        string pointer = Uri.UnescapeDataString(reference[1..]);
        var target = root;
        foreach (string step in pointer.Split('/').Skip(1))
        {
            string name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            bool found = target.ValueKind switch
            {
                JsonValueKind.Object => target.TryGetProperty(name, out target),
                JsonValueKind.Array => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && Item(ref target, i),
                _ => false,
            };
            if (!found)
            {
                throw from.Fault("$ref", $"{reference} points nowhere.");
            }
        }

        return new SchemaPart(target, pointer);
    }

    private static bool Item(ref JsonElement array, int index)
    {
        if (index >= array.GetArrayLength())
        {
            return false;
        }

        array = array[index];
        return true;
    }
}
