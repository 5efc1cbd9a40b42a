using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>A schema, or a piece of one, and where it stands.</summary>
/// <param name="Schema">An object or a boolean.</param>
/// <param name="Pointer">JSON pointer from the root.</param>
internal readonly record struct SchemaPart(JsonElement Schema, string Pointer)
{
    public SchemaPart At(string keyword) => new(Schema.GetProperty(keyword), Pointer + "/" + keyword);

    public SchemaPart At(string keyword, string name) =>
        new(Schema.GetProperty(keyword).GetProperty(name), $"{Pointer}/{keyword}/{Escape(name)}");

    public SchemaPart At(string keyword, int index) => new(Schema.GetProperty(keyword)[index], $"{Pointer}/{keyword}/{index}");

    /// <summary>A name as a step of a JSON pointer.</summary>
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    public bool Has(string keyword) => Schema.TryGetProperty(keyword, out _);

    /// <summary>The keyword's value if it is there.</summary>
    public JsonElement? Find(string keyword) => Schema.TryGetProperty(keyword, out var value) ? value : null;

    public SchemaFault Fault(string reason) => new(Pointer, reason);

    public SchemaFault Fault(string keyword, string reason) => new($"{Pointer}/{keyword}", reason);

    /// <summary>A keyword that counts something: a whole number that is not negative.</summary>
    public int? Count(string keyword)
    {
        if (Find(keyword) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && DecimalText.Parse(value.GetRawText()) is { IsInteger: true, IsNegative: false } number)
        {
            return number.Unscaled > int.MaxValue - 1 ? int.MaxValue - 1 : (int)number.Unscaled;
        }

        throw Fault(keyword, $"{value.GetRawText()} must be a whole number of at least 0.");
    }

    /// <summary>A keyword that demands at least so many of something.</summary>
    public int Least(string keyword, int most) => Count(keyword) is { } count and > 0
        ? count <= most ? count : throw Fault(keyword, $"asks for at least {Schema.GetProperty(keyword).GetRawText()}; no answer is that long, use at most {most}.")
        : 0;

    public DecimalText? Number(string keyword)
    {
        if (Find(keyword) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            throw Fault(keyword, $"{value.GetRawText()} must be a number.");
        }

        try
        {
            return DecimalText.Parse(value.GetRawText());
        }
        catch (FormatException e)
        {
            throw Fault(keyword, e.Message);
        }
    }
}
