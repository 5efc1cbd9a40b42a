using System.Text.Json;

namespace Edge.Runtime.Models;

/// <summary>Reads a small JSON file whose root is an object.</summary>
internal static class JsonFile
{
    /// <summary>Hands the root object to <paramref name="read"/> and returns what that makes of it.</summary>
    /// <exception cref="ModelException">Missing, unreadable, larger than <paramref name="bytesMax"/>, or not a JSON object.</exception>
    public static T Read<T>(string path, long bytesMax, Func<JsonElement, T> read)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > bytesMax)
            {
                throw new ModelException($"{path} has {file.Length} bytes; the limit is {bytesMax}.");
            }

            using var json = JsonDocument.Parse(file);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? read(json.RootElement)
                : throw new ModelException($"{path} holds a JSON {json.RootElement.ValueKind}, not an object.");
        }
        catch (JsonException fault)
        {
            throw new ModelException($"{path}, line {fault.LineNumber + 1}: not JSON; copy the file again from its source.", fault);
        }
        catch (InvalidOperationException fault)
        {
            // Only now does the reader see strings that are not Unicode.
            throw new ModelException($"{path} holds text that is not Unicode; copy the file again from its source.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path} cannot be read: {fault.Message}", fault);
        }
    }
}
