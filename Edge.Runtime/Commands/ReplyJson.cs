using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Edge.Functions.Handlers;

namespace Edge.Runtime.Commands;

/// <summary>A reply on the wire: one JSON object, UTF-8, on one line.</summary>
public static class ReplyJson
{
    // Apostrophes, degree signs and other languages stay readable in a terminal; the text is never put into HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] ToBytes(Reply reply)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Plain))
        {
            Write(writer, reply);
        }

        return bytes.WrittenSpan.ToArray();
    }

    public static string ToText(Reply reply) => Encoding.UTF8.GetString(ToBytes(reply));

    public static void Write(Utf8JsonWriter json, Reply reply)
    {
        json.WriteStartObject();
        json.WriteString("id", reply.Id);
        json.WriteString("status", Name(reply.Status));
        json.WriteString("sentence", reply.Sentence);
        json.WriteStartArray("calls");
        foreach (var call in reply.Calls)
        {
            json.WriteStartObject();
            json.WriteString("name", call.Name);
            json.WritePropertyName("arguments");
            call.Arguments.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("results");
        foreach (var result in reply.Results)
        {
            Write(json, result);
        }

        json.WriteEndArray();
        Write(json, reply.Timing);
        json.WriteEndObject();
    }

    /// <summary>The status on the wire: lower case.</summary>
    public static string Name(ReplyStatus status) => status switch
    {
        ReplyStatus.Ok => "ok",
        ReplyStatus.Failed => "failed",
        ReplyStatus.Refused => "refused",
        ReplyStatus.Busy => "busy",
        ReplyStatus.Timeout => "timeout",
        _ => "error",
    };

    private static void Write(Utf8JsonWriter json, FunctionResult result)
    {
        json.WriteStartObject();
        json.WriteString("name", result.Name);
        switch (result)
        {
            case FunctionResult.Done done:
                json.WriteString("status", "done");
                json.WritePropertyName("values");
                done.Values.WriteTo(json);
                break;
            case FunctionResult.Denied denied:
                json.WriteString("status", "denied");
                json.WriteString("code", denied.Denial.Code);
                json.WriteString("message", denied.Denial.Message);
                break;
            case FunctionResult.Asked asked:
                json.WriteString("status", "asked");
                json.WriteString("question", asked.Question);
                if (asked.Token is { } token)
                {
                    json.WriteString("token", token);
                }

                json.WriteString("expiresAt", asked.ExpiresAt);
                break;
            default:
                json.WriteString("status", "failed");
                json.WriteString("message", result.Sentence);
                break;
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CommandTiming timing)
    {
        json.WriteStartObject("timing");
        json.WriteNumber("queueMs", Math.Round(timing.QueueMs, 2));
        json.WriteNumber("prefillMs", Math.Round(timing.PrefillMs, 2));
        json.WriteNumber("decodeMs", Math.Round(timing.DecodeMs, 2));
        json.WriteNumber("gateMs", Math.Round(timing.GateMs, 2));
        json.WriteNumber("handsMs", Math.Round(timing.HandsMs, 2));
        json.WriteNumber("totalMs", Math.Round(timing.TotalMs, 2));
        json.WriteNumber("promptTokens", timing.PromptTokens);
        json.WriteNumber("cachedTokens", timing.CachedTokens);
        json.WriteNumber("decodedTokens", timing.DecodedTokens);
        json.WriteNumber("forcedTokens", timing.ForcedTokens);
        json.WriteNumber("modelSteps", timing.ModelSteps);
        json.WriteEndObject();
    }
}
