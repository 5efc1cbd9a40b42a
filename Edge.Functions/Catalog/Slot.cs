using System.Text.Json;

namespace Edge.Functions.Catalog;

/// <summary>A place in an action template: filled by an argument of the call, or fixed.</summary>
public abstract record Slot
{
    private Slot()
    {
    }

    /// <summary>The value of the call's argument of that name; the parameter must be required.</summary>
    public sealed record Argument(string Name) : Slot;

    /// <summary>A text, a number or a truth value.</summary>
    public sealed record Fixed(JsonElement Value) : Slot;

    public static Slot Text(string text)
    {
        using var document = JsonDocument.Parse("\"" + JsonEncodedText.Encode(text) + "\"");
        return new Fixed(document.RootElement.Clone());
    }
}
