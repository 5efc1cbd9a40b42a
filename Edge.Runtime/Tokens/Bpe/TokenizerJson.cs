using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Edge.Runtime.Tokens.Bpe;

/// <summary>A place in a <c>tokenizer.json</c>; what is read there is of the wanted kind, or one line says where it is not.</summary>
internal readonly record struct TokenizerJson(string Path, string Place, JsonElement Element)
{
    /// <summary>The largest vocabularies in use (262,144 tokens) take 34 MB.</summary>
    public const long FileBytesMax = 128L << 20;

    /// <summary>Hands the root object to <paramref name="read"/>.</summary>
    /// <exception cref="TokenizerException">Unreadable or not JSON.</exception>
    public static T Read<T>(string path, Func<TokenizerJson, T> read)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > FileBytesMax)
            {
                throw new TokenizerException($"{path} has {file.Length} bytes, more than {FileBytesMax}; this is no tokenizer.");
            }

            using var json = JsonDocument.Parse(file);
            return read(new TokenizerJson(path, "", json.RootElement));
        }
        catch (JsonException fault)
        {
            throw new TokenizerException($"{path}, line {fault.LineNumber + 1}: not JSON; copy the file again from its source.", fault);
        }
        catch (InvalidOperationException fault)
        {
            // Only now does the reader see strings that are not Unicode.
            throw new TokenizerException($"{path} holds text that is not Unicode; copy the file again from its source.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{path} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>False where it is absent or null.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out TokenizerJson value)
    {
        bool found = Object().Element.TryGetProperty(name, out var element) && element.ValueKind != JsonValueKind.Null;
        value = new TokenizerJson(Path, Place.Length == 0 ? name : $"{Place}.{name}", element);
        return found;
    }

    public TokenizerJson Get(string name) => TryGet(name, out var value) ? value : throw new TokenizerException($"{Path} has no {value.Place}; copy the file again from its source.");

    public TokenizerJson Object() => Element.ValueKind == JsonValueKind.Object ? this : throw Fault("an object");

    public string Text() => Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Fault("a text");

    public string Text(string name) => Get(name).Text();

    public bool Flag(string name) => TryGet(name, out var value) && value.Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw value.Fault("true or false"),
    };

    /// <summary>An id of a vocabulary.</summary>
    public int Id() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int id) && id is >= 0 and < 1 << 20
        ? id
        : throw Fault($"a token id from 0 to {(1 << 20) - 1}");

    public IEnumerable<TokenizerJson> Items(string name)
    {
        var list = Get(name);
        if (list.Element.ValueKind != JsonValueKind.Array)
        {
            throw list.Fault("a list");
        }

        int at = 0;
        foreach (var item in list.Element.EnumerateArray())
        {
            yield return new TokenizerJson(Path, $"{list.Place}[{at++}]", item);
        }
    }

    /// <summary>The "type" of an object.</summary>
    public string Type => Text("type");

    public TokenizerException Fault(string wanted)
    {
        string found = Element.GetRawText();
        return new TokenizerException($"{Path}: {Place} is {(found.Length > 60 ? found[..60] + "…" : found)}, but must be {wanted}; copy the file again from its source.");
    }

    public TokenizerException NotHere(string what, string known) =>
        new($"{Path}: {Place} is {what}, which Edge does not have; it knows {known}.");
}
