using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Edge.Runtime.Grammars;

/// <summary>What must hold of a schema as a document before its keywords are looked at: whole characters, names that stand once, numbers of a sane size.</summary>
internal static class SchemaDocument
{
    /// <summary>Characters of a number; more are slow to read and enforce nothing.</summary>
    private const int NumberCharsMax = 1_000;

    /// <summary>Objects and lists around a place of the document.</summary>
    private const int DepthMax = 128;

    /// <summary>Members up to which names are compared one by one.</summary>
    private const int FewMembers = 24;

    /// <exception cref="SchemaFault">The document has half a surrogate pair, bytes that are not UTF-8, a name twice in one object, or an absurd number.</exception>
    public static void Check(JsonElement root)
    {
        var raw = JsonMarshal.GetRawUtf8Value(root);
        bool isPlain = raw.IndexOf((byte)'\\') < 0 && Utf8.IsValid(raw);
        if (Fault(root, isPlain) is { } fault)
        {
            throw new SchemaFault(fault.Pointer, fault.Reason);
        }
    }

    /// <param name="isPlain">No text of the document has an escape, and all are UTF-8.</param>
    private static (string Pointer, string Reason)? Fault(JsonElement value, bool isPlain, int depth = 0)
    {
        if (depth > DepthMax)
        {
            return ("", $"the schema is nested more than {DepthMax} deep; use $defs and $ref.");
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return NameFault(value, isPlain) ?? MemberFault(value, isPlain, depth);
            case JsonValueKind.Array:
                int i = 0;
                foreach (var item in value.EnumerateArray())
                {
                    if (Fault(item, isPlain, depth + 1) is { } inside)
                    {
                        return ($"/{i}{inside.Pointer}", inside.Reason);
                    }

                    i++;
                }

                return null;
            case JsonValueKind.String:
                return isPlain || TryRead(value, out _) ? null : ("", "the text has half a surrogate pair or is not UTF-8.");
            case JsonValueKind.Number:
                return NumberFault(value);
            default:
                return null;
        }
    }

    private static (string Pointer, string Reason)? MemberFault(JsonElement value, bool isPlain, int depth)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (Fault(member.Value, isPlain, depth + 1) is { } inside)
            {
                return ($"/{SchemaPart.Escape(member.Name)}{inside.Pointer}", inside.Reason);
            }
        }

        return null;
    }

    private static (string Pointer, string Reason)? NumberFault(JsonElement value)
    {
        int length = JsonMarshal.GetRawUtf8Value(value).Length;
        if (length > NumberCharsMax)
        {
            return ("", $"the number has {length} characters; use at most {NumberCharsMax}.");
        }

        try
        {
            // Integers of the usual size are what nearly every number is.
            if (!value.TryGetInt32(out _))
            {
                DecimalText.Parse(value.GetRawText());
            }

            return null;
        }
        catch (FormatException fault)
        {
            return ("", fault.Message);
        }
    }

    private static (string Pointer, string Reason)? NameFault(JsonElement value, bool isPlain)
    {
        int count = value.GetPropertyCount();
        if (isPlain && count <= FewMembers)
        {
            int i = 0;
            foreach (var member in value.EnumerateObject())
            {
                if (IsAmongFirst(value, i++, JsonMarshal.GetRawUtf8PropertyName(member)))
                {
                    return Twice(member.Name);
                }
            }

            return null;
        }

        var names = new HashSet<string>(count, StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (!TryRead(member, out string name))
            {
                return ("", "a member's name has half a surrogate pair or is not UTF-8.");
            }

            if (!names.Add(name))
            {
                return Twice(name);
            }
        }

        return null;
    }

    private static bool IsAmongFirst(JsonElement value, int count, ReadOnlySpan<byte> name)
    {
        foreach (var other in value.EnumerateObject())
        {
            if (count-- == 0)
            {
                return false;
            }

            if (name.SequenceEqual(JsonMarshal.GetRawUtf8PropertyName(other)))
            {
                return true;
            }
        }

        return false;
    }

    private static (string Pointer, string Reason)? Twice(string name) => ($"/{SchemaPart.Escape(name)}", "the name stands twice in one object; keep one of them.");

    private static bool TryRead(JsonElement text, out string value)
    {
        try
        {
            value = text.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // What JsonElement says of escapes that are no characters.
            value = "";
            return false;
        }
    }

    private static bool TryRead(JsonProperty member, out string name)
    {
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }
}
