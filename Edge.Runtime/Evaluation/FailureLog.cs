using System.Text.Encodings.Web;
using System.Text.Json;
using Edge.Functions.Calls;

namespace Edge.Runtime.Evaluation;

/// <summary>Wrong rows as JSON lines: <c>{"file","id","reason","user","expected","got"}</c>.</summary>
public sealed class FailureLog(TextWriter lines)
{
    // Read by people: quotes and umlauts stay legible.
    private static readonly JsonWriterOptions s_legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Add(string file, EvalRow row, EvalVerdict reason, IReadOnlyList<FunctionCall> got)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_legible))
        {
            writer.WriteStartObject();
            writer.WriteString("file", Path.GetFileName(file));
            writer.WriteString("id", row.Id);
            writer.WriteString("reason", reason switch
            {
                EvalVerdict.WrongName => "wrongName",
                EvalVerdict.WrongArgument => "wrongArgument",
                EvalVerdict.MissingCall => "missingCall",
                _ => "extraCall",
            });
            writer.WriteString("user", row.UserText);
            WriteExpected(writer, row.Expected);
            WriteGot(writer, got);
            writer.WriteEndObject();
        }

        lines.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteExpected(Utf8JsonWriter writer, IReadOnlyList<ExpectedCall> expected)
    {
        writer.WriteStartArray("expected");
        foreach (var call in expected)
        {
            writer.WriteStartObject();
            writer.WriteString("name", call.Name);
            writer.WriteStartObject("arguments");
            foreach (var (name, accepted) in call.Arguments)
            {
                writer.WriteStartArray(name);
                foreach (var value in accepted)
                {
                    value.WriteTo(writer);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteGot(Utf8JsonWriter writer, IReadOnlyList<FunctionCall> got)
    {
        writer.WriteStartArray("got");
        foreach (var call in got)
        {
            writer.WriteStartObject();
            writer.WriteString("name", call.Name);
            writer.WritePropertyName("arguments");
            call.Arguments.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
