using System.Text;
using System.Text.Json;

namespace Edge.Runtime.Mqtt;

/// <summary>Reads a command's payload: plain text, or JSON when it begins with <c>{</c> or says so in its content type. Pure.</summary>
public static class CommandReader
{
    public const int PayloadBytesMaxDefault = 4096;
    public const int IdCharsMax = 64;

    private const string Shape = """send {"text":"…"}, with "id" and "session" as strings if at all""";

    // Two values for one name would let a checker and Edge read two different commands out of one message.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static CommandReading Read(CommandMessage message) =>
        Form(message) switch
        {
            PayloadForm.Text => ReadText(message.Payload.Span),
            PayloadForm.Json => ReadJson(message.Payload),
            _ => Refuse($"The content type {Quote(message.ContentType!)} is not known; use text/plain or application/json, in UTF-8."),
        };

    private static PayloadForm Form(CommandMessage message)
    {
        if (string.IsNullOrEmpty(message.ContentType))
        {
            return StartsWithBrace(message.Payload.Span) ? PayloadForm.Json : PayloadForm.Text;
        }

        string[] parts = message.ContentType.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? charset = parts.Skip(1).FirstOrDefault(p => p.StartsWith("charset=", StringComparison.OrdinalIgnoreCase));
        bool utf8 = charset is null || charset["charset=".Length..].Trim('"').ToUpperInvariant() is "UTF-8" or "UTF8" or "US-ASCII";
        return (parts.FirstOrDefault()?.ToUpperInvariant(), utf8) switch
        {
            ("APPLICATION/JSON", true) => PayloadForm.Json,
            ("TEXT/PLAIN", true) => PayloadForm.Text,
            _ => PayloadForm.Unknown,
        };
    }

    private static bool StartsWithBrace(ReadOnlySpan<byte> payload) => WithoutMark(payload).TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> payload) => payload is [0xEF, 0xBB, 0xBF, .. var rest] ? rest : payload;

    private static CommandReading ReadText(ReadOnlySpan<byte> payload)
    {
        try
        {
            return Judge(null, Utf8.GetString(WithoutMark(payload)), null);
        }
        catch (DecoderFallbackException)
        {
            return Refuse("The text is not UTF-8; send it in UTF-8.");
        }
    }

    private static CommandReading ReadJson(ReadOnlyMemory<byte> payload)
    {
        string? id = null;
        try
        {
            using var document = JsonDocument.Parse(payload[(payload.Length - WithoutMark(payload.Span).Length)..], Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return Refuse($"The JSON is {Name(root.ValueKind)}, not an object; {Shape}.");
            }

            id = Text(root, "id");
            if (id is not null && (id.Length is 0 or > IdCharsMax || id.Any(char.IsControl)))
            {
                return Refuse($"\"id\" has {id.Length} characters; use 1 to {IdCharsMax}, no control characters.");
            }

            string? session = Text(root, "session");
            if (session is not null && (session.Length is 0 or > IdCharsMax || session.Any(char.IsControl)))
            {
                return new CommandReading.Refused(id, $"\"session\" has {session.Length} characters; use 1 to {IdCharsMax}, no control characters.");
            }

            return Text(root, "text") is { } text ? Judge(id, text, session) : new CommandReading.Refused(id, $"\"text\" is missing; {Shape}.");
        }
        catch (JsonException fault)
        {
            return Refuse($"The JSON cannot be read at byte {fault.BytePositionInLine ?? 0}, line {(fault.LineNumber ?? 0) + 1}; {Shape}.");
        }
        catch (FormatException fault)
        {
            return new CommandReading.Refused(id, fault.Message);
        }
    }

    /// <returns>Null when the field is missing.</returns>
    /// <exception cref="FormatException">The field is no text; the message says so.</exception>
    private static string? Text(JsonElement root, string field)
    {
        if (!root.TryGetProperty(field, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw new FormatException($"\"{field}\" is {Name(value.ValueKind)}, not a string; {Shape}.");
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are no UTF-8.
            throw new FormatException($"\"{field}\" is not UTF-8; send it in UTF-8.");
        }
    }

    private static CommandReading Judge(string? id, string text, string? session)
    {
        text = text.Trim();
        if (text.Length == 0)
        {
            return new CommandReading.Refused(id, "The command is empty; send a sentence such as \"turn on the kitchen light\".");
        }

        // Zero bytes between the letters are the mark of UTF-16.
        return text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r'))
            ? new CommandReading.Refused(id, "The text has control characters, as UTF-16 or binary data would; send plain text in UTF-8.")
            : new CommandReading.Accepted(id, text, session);
    }

    private static CommandReading.Refused Refuse(string sentence) => new(null, sentence);

    private static string Quote(string value) => value.Length <= 40 ? $"\"{value}\"" : $"\"{value[..40]}…\"";

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a string",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        _ => "a boolean",
    };

    private enum PayloadForm
    {
        Text,
        Json,
        Unknown,
    }
}
