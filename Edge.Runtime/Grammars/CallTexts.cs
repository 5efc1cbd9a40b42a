using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;

namespace Edge.Runtime.Grammars;

/// <summary>Reads the JSON of one call.</summary>
internal static class CallTexts
{
    /// <param name="nameKey">The member that holds the function's name.</param>
    /// <param name="argumentsKey">The member that holds the arguments.</param>
    public static bool TryRead(
        string json,
        IReadOnlyList<FunctionDefinition> functions,
        [NotNullWhen(true)] out FunctionCall? call,
        string nameKey = "name",
        string argumentsKey = "arguments")
    {
        call = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty(nameKey, out var name) || name.ValueKind != JsonValueKind.String
                || !root.TryGetProperty(argumentsKey, out var arguments) || arguments.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            string function = name.GetString()!;
            var definition = functions.FirstOrDefault(f => f.Name == function);
            call = new FunctionCall(function, definition is null ? arguments.Clone() : DeclaredSpelling.Restore(arguments, definition.Parameters));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
