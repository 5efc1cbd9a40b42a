using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Functions.Catalog;

namespace Edge.Tests.Benchmarks;

/// <summary>Catalogues of functions for measuring: of every shape that homes and public suites have.</summary>
internal static class Catalogues
{
    /// <summary><paramref name="count"/> functions: enumerations, ranges, numbers, strings, arrays, nested objects, patterns.</summary>
    public static IReadOnlyList<FunctionDefinition> Of(int count)
    {
        var functions = new List<FunctionDefinition>();
        for (int i = 0; i < count; i++)
        {
            string enumeration = string.Join(',', Enumerable.Range(0, 9).Select(k => $"\"{Rooms[(i + k) % Rooms.Length]} {Things[(i * 3 + k) % Things.Length]}\""));
            string properties = (i % 5) switch
            {
                0 => $$$"""{"device":{"type":"string","enum":[{{{enumeration}}}]},"power":{"type":"string","enum":["on","off","toggle"]}}""",
                1 => $$$"""{"light":{"type":"string","enum":[{{{enumeration}}}]},"brightness":{"type":"integer","minimum":0,"maximum":100},"fade":{"type":"boolean"}}""",
                2 => """{"text":{"type":"string"},"volume":{"type":"number","minimum":0,"maximum":1},"tags":{"type":"array","items":{"type":"string"}}}""",
                3 => """{"at":{"type":"string","format":"date-time"},"code":{"type":"string","pattern":"^[A-Z]{2}-[0-9]{4}$"},"days":{"type":"array","items":{"enum":["mon","tue","wed","thu","fri"]}}}""",
                _ => """{"target":{"type":"object","properties":{"x":{"type":"number"},"y":{"type":"number"},"label":{"type":"string","maxLength":40}},"required":["x","y"]},"speed":{"type":"integer"}}""",
            };
            functions.Add(Parse(string.Create(CultureInfo.InvariantCulture, $$$"""{"name":"{{{Verbs[i % Verbs.Length]}}}_{{{Things[i % Things.Length]}}}_{{{i}}}","description":"","parameters":{"type":"object","properties":{{{properties}}},"required":[]}}""")));
        }

        return functions;
    }

    /// <summary>Answers that such a catalogue allows, one a function, as JSON texts.</summary>
    public static IEnumerable<string> Calls(IReadOnlyList<FunctionDefinition> functions)
    {
        for (int i = 0; i < functions.Count; i++)
        {
            var first = functions[i].Parameters.GetProperty("properties");
            string arguments = (i % 5) switch
            {
                0 => $$$"""{"device":"{{{first.GetProperty("device").GetProperty("enum")[i % 9]}}}","power":"toggle"}""",
                1 => $$$"""{"light":"{{{first.GetProperty("light").GetProperty("enum")[i % 9]}}}","brightness":{{{i % 100}}},"fade":true}""",
                2 => """{"text":"Dinner is ready, please come down to the kitchen before it gets cold","volume":0.75,"tags":["dinner","kitchen","now"]}""",
                3 => """{"at":"2026-11-25T18:30:00Z","code":"AB-1234","days":["mon","thu"]}""",
                _ => """{"target":{"x":12.5,"y":-3,"label":"behind the shed"},"speed":12}""",
            };
            yield return new StringBuilder().Append("{\"name\":\"").Append(functions[i].Name).Append("\",\"arguments\":").Append(arguments).Append('}').ToString();
        }
    }

    private static readonly string[] Verbs = ["set", "control", "read", "open", "start", "move", "announce"];
    private static readonly string[] Rooms = ["kitchen", "bedroom", "living room", "garden", "garage", "attic", "hall", "office", "bathroom", "cellar", "porch"];
    private static readonly string[] Things = ["light", "fan", "heater", "pump", "blinds", "lamp", "door", "socket", "speaker", "valve", "lock", "camera", "sprinkler"];

    private static FunctionDefinition Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return FunctionDefinition.Parse(document.RootElement);
    }
}
