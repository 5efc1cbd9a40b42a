using System.Text.Json;
using Edge.Functions.Catalog;

namespace Edge.Tests.Fakes;

/// <summary>Function definitions written as OpenAI metadata.</summary>
internal static class SampleFunctions
{
    public static readonly FunctionDefinition TurnOn = Parse("""
        {"name":"turn_on","description":"Turn a device on","parameters":{"type":"object",
         "properties":{"device":{"type":"string","enum":["kitchen light","Fan","garden pump"]}},"required":["device"]}}
        """);

    public static readonly FunctionDefinition TurnOff = Parse("""
        {"name":"turn_off","description":"Turn a device off","parameters":{"type":"object",
         "properties":{"device":{"type":"string","enum":["kitchen light","Fan","garden pump"]}},"required":["device"]}}
        """);

    public static readonly FunctionDefinition SetBrightness = Parse("""
        {"name":"set_brightness","description":"Set the brightness of a light","parameters":{"type":"object",
         "properties":{"light":{"type":"string","enum":["kitchen light","desk lamp"]},"brightness":{"type":"integer","minimum":0,"maximum":100},"fade":{"type":"boolean"}},
         "required":["light","brightness"]}}
        """);

    public static readonly FunctionDefinition ReadTemperature = Parse("""
        {"name":"read_temperature","description":"Read the temperature","parameters":{"type":"object",
         "properties":{"location":{"type":"string","enum":["bedroom","living room"]}},"required":["location"]}}
        """);

    public static readonly FunctionDefinition Say = Parse("""
        {"name":"announce","description":"","parameters":{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}}
        """);

    public static readonly IReadOnlyList<FunctionDefinition> Some = [TurnOn, TurnOff, SetBrightness, ReadTemperature, Say];

    public static FunctionDefinition Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return FunctionDefinition.Parse(document.RootElement);
    }
}
