using System.CommandLine;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    public static Option<string?> Config() => new("--config") { Description = "The settings; ./edge.yaml, then /etc/edge/edge.yaml when not given.", HelpName = "edge.yaml" };

    public static Option<string?> Model() => new("--model") { Description = $"A converted model's folder; {ModelLocation.Shipped} when not given.", HelpName = "FOLDER" };

    public static Option<bool> Simulate() => new("--simulate") { Description = "Simulate every line; nothing moves." };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object." };

    public static Argument<string> Sentence() => new("TEXT") { Description = "What is to be done, in quotes: \"turn on the kitchen light\"." };
}
