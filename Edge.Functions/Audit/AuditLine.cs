using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Edge.Functions.Audit;

/// <summary>
/// One line of the log: a JSON object that ends with the SHA-256 of all before it, the hash of the line before included. Who changes or
/// removes a line must rewrite every later one.
/// </summary>
public static class AuditLine
{
    /// <summary>What stands before the first line of all.</summary>
    public const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    private const int ArgumentsLengthMax = 4096;
    private const string HashKey = ",\"hash\":\"";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A line as read back.</summary>
    public sealed record Read(long Number, string Previous, string Hash, JsonElement Entry);

    /// <returns>UTF-8 with the line feed, and its hash in lower-case hexadecimal.</returns>
    public static (byte[] Bytes, string Hash) Write(long number, DateTimeOffset at, AuditEntry entry, string previous)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("n", number);
            json.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("kind", entry.Kind);
            json.WriteString("caller", entry.Caller);
            json.WriteString("call", entry.Call);
            WriteArguments(json, entry.Arguments);
            json.WriteString("said", entry.Said);
            json.WriteString("previous", previous);
            json.WriteEndObject();
        }

        // The closing brace makes room for the hash.
        var body = bytes.WrittenSpan[..^1];
        string hash = Convert.ToHexStringLower(SHA256.HashData(body));
        byte[] line = [.. body, .. Encoding.ASCII.GetBytes($"{HashKey}{hash}\"}}\n")];
        return (line, hash);
    }

    /// <param name="line">Without the line feed.</param>
    /// <returns>Null when it is no line of this log, or its hash is not its own.</returns>
    public static Read? Parse(ReadOnlySpan<byte> line)
    {
        int at = line.LastIndexOf(Encoding.ASCII.GetBytes(HashKey));
        if (at < 0 || line.Length != at + HashKey.Length + NoHash.Length + 2 || !line.EndsWith("\"}"u8))
        {
            return null;
        }

        string hash = Encoding.ASCII.GetString(line.Slice(at + HashKey.Length, NoHash.Length));
        if (hash != Convert.ToHexStringLower(SHA256.HashData(line[..at])))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line.ToArray());
            var entry = document.RootElement.Clone();
            return new Read(entry.GetProperty("n").GetInt64(), entry.GetProperty("previous").GetString() ?? "", hash, entry);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static void WriteArguments(Utf8JsonWriter json, JsonElement arguments)
    {
        if (arguments.ValueKind == JsonValueKind.Undefined)
        {
            return;
        }

        json.WritePropertyName("arguments");
        if (arguments.GetRawText() is { Length: > ArgumentsLengthMax } long_)
        {
            json.WriteStringValue(long_[..ArgumentsLengthMax] + "…");
        }
        else
        {
            arguments.WriteTo(json);
        }
    }
}
