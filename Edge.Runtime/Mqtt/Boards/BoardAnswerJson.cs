using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Devices;
using Edge.Functions.Devices.Boards;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>What came of a call, on the wire: <c>{"id","status":"done","state":"on"}</c>; also a device's state, <c>{"state":"on","value":40}</c>.</summary>
internal static class BoardAnswerJson
{
    private const int SentenceMax = 500;
    private const int WordMax = 32;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(string id, BoardAnswer answer)
    {
        var json = answer is BoardAnswer.Done done ? done.State.ToJson() : [];
        json["id"] = id;
        switch (answer)
        {
            case BoardAnswer.Done:
                json["status"] = "done";
                break;
            case BoardAnswer.Denied denied:
                json["status"] = "denied";
                json["code"] = denied.Code;
                json["message"] = denied.Message;
                break;
            case BoardAnswer.Asked asked:
                json["status"] = "asked";
                json["question"] = asked.Question;
                json["expiresAt"] = asked.ExpiresAt.ToUnixTimeMilliseconds();
                if (asked.Token is not null)
                {
                    json["token"] = asked.Token;
                }

                break;
            case BoardAnswer.Failed failed:
                json["status"] = "failed";
                json["message"] = failed.Error;
                break;
        }

        return Encoding.UTF8.GetBytes(json.ToJsonString(Plain));
    }

    /// <returns>Null when it is no answer.</returns>
    public static (string Id, BoardAnswer Answer)? Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, Strict);
            var root = document.RootElement;
            string id = root.GetProperty("id").GetString()!;
            BoardAnswer answer = root.GetProperty("status").GetString() switch
            {
                "done" => new BoardAnswer.Done(State(root)),
                "denied" => new BoardAnswer.Denied(Sentence(root, "code"), Sentence(root, "message")),
                "asked" => new BoardAnswer.Asked(
                    Sentence(root, "question"),
                    root.TryGetProperty("token", out var token) ? token.GetString() : null,
                    DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("expiresAt").GetInt64())),
                "failed" => new BoardAnswer.Failed(Sentence(root, "message")),
                _ => throw new FormatException(),
            };
            return (id, answer);
        }
        catch (Exception fault) when (IsMalformed(fault))
        {
            return null;
        }
    }

    /// <returns>Null when it is no state.</returns>
    public static DeviceState? ReadState(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, Strict);
            return State(document.RootElement);
        }
        catch (Exception fault) when (IsMalformed(fault))
        {
            return null;
        }
    }

    private static bool IsMalformed(Exception fault) =>
        fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentOutOfRangeException;

    /// <summary>It will stand in a sentence: one short word, or a number.</summary>
    private static DeviceState State(JsonElement root)
    {
        string word = root.GetProperty("state").GetString()!;
        if (word.Length is 0 or > WordMax || !word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw new FormatException();
        }

        double? value = root.TryGetProperty("value", out var number) ? number.GetDouble() : null;
        return value is null || double.IsFinite(value.Value) ? new DeviceState(word, value) : throw new FormatException();
    }

    private static string Sentence(JsonElement root, string field)
    {
        string text = root.GetProperty(field).GetString()!;
        return new string([.. text.Take(SentenceMax).Select(c => char.IsControl(c) ? ' ' : c)]);
    }
}
