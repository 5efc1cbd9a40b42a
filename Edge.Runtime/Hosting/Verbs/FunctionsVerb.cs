using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge functions</c>: what the model may call, as OpenAI metadata.</summary>
internal static class FunctionsVerb
{
    public static System.CommandLine.Command Create()
    {
        var config = CommonOptions.Config();
        var verb = new System.CommandLine.Command("functions", "Print what the model may call, as OpenAI function metadata (JSON).") { config };
        verb.SetAction(parsed => Run(parsed.GetValue(config)));
        return verb;
    }

    private static int Run(string? config)
    {
        var settings = EdgeSettings.Load(config);
        if (settings.Faults.Count > 0)
        {
            return Faults.WrongSetting(settings.Faults.Select(f => f.Message));
        }

        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var function in settings.House.Functions)
            {
                function.Definition.WriteTo(json);
            }

            json.WriteEndArray();
        }

        output.WriteByte((byte)'\n');
        return ExitCode.Ok;
    }
}
