using System.Globalization;
using System.Text;
using Edge.Tests.Grammars.Reference;

namespace Edge.Tests.Fuzz;

/// <summary>Inputs to begin with: random schemas, with a text that mostly fits; and the words of JSON Schema, for afl-fuzz's dictionary.</summary>
internal static class Seeds
{
    private const int Count = 120, BytesMax = 400;

    private static readonly string[] s_words =
    [
        "type", "enum", "const", "properties", "required", "additionalProperties", "minProperties", "maxProperties", "items", "prefixItems", "minItems", "maxItems", "uniqueItems",
        "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "anyOf", "oneOf", "allOf", "$ref", "$defs", "not",
        "string", "integer", "number", "boolean", "array", "object", "null", "date", "time", "date-time", "uuid", "ipv4", "#", "#/$defs/a", "^[a-z]+$",
    ];

    public static void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "schema"));
        Directory.CreateDirectory(Path.Combine(folder, "matcher"));
        for (int seed = 1, written = 0; written < Count; seed++)
        {
            var random = new Random(seed);
            var schema = JsonWriter.Write(new SchemaMaker(random).Root());
            if (schema.Length > BytesMax)
            {
                continue;
            }

            string name = (++written).ToString("000", CultureInfo.InvariantCulture);
            File.WriteAllBytes(Path.Combine(folder, "schema", name), schema);
            File.WriteAllBytes(Path.Combine(folder, "matcher", name), [.. schema, 0, (byte)random.Next(4), .. JsonWriter.Write(Value(random, schema))]);
        }

        Directory.CreateDirectory(Path.Combine(folder, "safetensors"));
        foreach (var (i, file) in SafetensorsTarget.Seeds().Index())
        {
            File.WriteAllBytes(Path.Combine(folder, "safetensors", $"{i}"), file);
        }

        File.WriteAllLines(Path.Combine(folder, "words.dict"), s_words.Select(word => $"\"\\\"{word}\\\"\""));
    }

    private static JsonTerm Value(Random random, byte[] schema)
    {
        try
        {
            return new ValueMaker(random, new Schema(JsonReader.Read(Encoding.UTF8.GetString(schema)))).Make();
        }
        catch (NotSupportedException)
        {
            return new JsonTerm.Null();
        }
    }
}
