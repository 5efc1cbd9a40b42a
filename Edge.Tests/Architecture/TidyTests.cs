using System.Text.RegularExpressions;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Architecture;

/// <summary>The shape of the code as a test: which folder may use which, who alone may use a library, how long a file may be.</summary>
public sealed partial class TidyTests
{
    /// <summary>From the bottom up; a folder may use those before it.</summary>
    private static readonly string[] Layers =
    [
        "Edge.Functions.Settings", "Edge.Functions.Buses", "Edge.Functions.Gpio", "Edge.Functions.Pwm", "Edge.Functions.Sensors", "Edge.Functions.Displays",
        "Edge.Functions.Devices", "Edge.Functions.Survey", "Edge.Functions.Catalog", "Edge.Functions.Calls", "Edge.Functions.Safety", "Edge.Functions.Audit", "Edge.Functions.Handlers", "Edge.Functions",
        "Edge.Runtime.Tokens", "Edge.Runtime.Grammars", "Edge.Runtime.Models", "Edge.Runtime.Inference", "Edge.Runtime.Prompts",
        "Edge.Runtime.Commands", "Edge.Runtime.Evaluation", "Edge.Runtime.Mqtt", "Edge.Runtime.Hosting",
    ];

    private static readonly (string Library, string[] Folders)[] Owners =
    [
        ("MQTTnet", ["Edge.Runtime.Mqtt"]),
        ("Microsoft.ML.OnnxRuntime", ["Edge.Runtime.Inference"]),
        ("Google.Protobuf", ["Edge.Runtime.Models", "Edge.Runtime.Tokens"]),
        ("System.CommandLine", ["Edge.Runtime.Hosting"]),
        ("YamlDotNet", ["Edge.Functions.Settings"]),
    ];

    [Fact]
    public void A_folder_uses_only_folders_below_it()
    {
        var faults = new List<string>();
        foreach (var (file, text) in Sources())
        {
            int own = LayerOf(Namespace().Match(text).Groups[1].Value);
            foreach (Match use in Uses().Matches(text))
            {
                int other = LayerOf(use.Groups[1].Value);
                if (own >= 0 && other > own)
                {
                    faults.Add($"{file} uses {Layers[other]}, which lies above {Layers[own]}.");
                }
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void Every_folder_has_its_place_in_the_list()
    {
        var unknown = Sources().Select(s => Namespace().Match(s.Text).Groups[1].Value)
            .Where(n => n.Length > 0 && LayerOf(n) < 0)
            .Distinct();
        Assert.Empty(unknown);
    }

    [Fact]
    public void A_library_is_used_by_its_owner_alone()
    {
        var faults = from source in Sources()
                     from owner in Owners
                     where source.Text.Contains($"using {owner.Library}", StringComparison.Ordinal)
                     let name = Namespace().Match(source.Text).Groups[1].Value
                     where !owner.Folders.Any(f => name.StartsWith(f, StringComparison.Ordinal))
                     select $"{source.File} uses {owner.Library}";
        Assert.Empty(faults);
    }

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Assert.Empty(Sources().Where(s => s.Text.AsSpan().Count('\n') > 400).Select(s => s.File));

    [Fact]
    public void The_namespace_of_a_file_is_its_folder()
    {
        var faults = from source in Sources()
                     let name = Namespace().Match(source.Text).Groups[1].Value
                     where name.Length > 0 && name != Path.GetDirectoryName(source.File)!.Replace(Path.DirectorySeparatorChar, '.')
                     select source.File;
        Assert.Empty(faults);
    }

    private static int LayerOf(string name) => Array.FindIndex(Layers, layer => name == layer || (layer != "Edge.Functions" && name.StartsWith(layer + ".", StringComparison.Ordinal)));

    private static IEnumerable<(string File, string Text)> Sources() =>
        from project in new[] { "Edge.Functions", "Edge.Runtime" }
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories)
        select (Path.GetRelativePath(Repository.Root, file), File.ReadAllText(file));

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?(Edge\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Uses();
}
