using System.CommandLine;
using Edge.Functions.Survey;
using Edge.Runtime.Models;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge check</c>: says what is wrong with the settings and the wiring without starting anything, and what the board has.</summary>
internal static class CheckVerb
{
    public static System.CommandLine.Command Create()
    {
        var config = CommonOptions.Config();
        var model = CommonOptions.Model();
        var verb = new System.CommandLine.Command("check", "Check the settings and what they name, and list what the board has; move nothing.") { config, model };
        verb.SetAction((parsed, cancelled) => RunAsync(parsed.GetValue(config), parsed.GetValue(model), cancelled));
        return verb;
    }

    private static async Task<int> RunAsync(string? config, string? model, CancellationToken cancelled)
    {
        var settings = EdgeSettings.Load(config);
        if (settings.Faults.Count > 0)
        {
            return Faults.WrongSetting(settings.Faults.Select(f => f.Message));
        }

        var house = settings.House;
        Console.WriteLine($"{settings.Path} is right: {house.Devices.Count} devices, {house.Functions.Count} functions.");
        var (found, folder) = settings.Options.Boards.IsBrain ? Model(model, settings.Options.Model.Folder) : (new Finding("model", "none: role is hands"), null);
        var findings = new List<Finding> { found };
        findings.AddRange(new MachineSurvey(house.SysfsRoot, "/proc").Look(folder));
        findings.Add(await BrokerSurvey.LookAsync(settings.Options.Mqtt, cancelled));
        findings.AddRange(BoardListing.Look(house));
        Print(findings);

        // A start would end with 78 for the model's sake; systemd would leave it down.
        return found.IsFault ? ExitCode.WrongSetting : findings.Exists(f => f.IsFault) ? ExitCode.Failed : ExitCode.Ok;
    }

    private static (Finding Found, ModelFolder? Folder) Model(string? named, string? setting)
    {
        if (ModelLocation.Find(named, setting, out string missing) is not { } path)
        {
            return (new Finding("model", missing) { IsFault = true }, null);
        }

        try
        {
            var folder = ModelFolder.Open(path);
            return (new Finding("model", $"{path} is whole: {folder.Manifest.Architecture}, {folder.Manifest.Bits} bits, licence {folder.Manifest.Licence}."), folder);
        }
        catch (ModelException fault)
        {
            return (new Finding("model", fault.Message) { IsFault = true }, null);
        }
    }

    /// <summary>By topic; faults also on standard error, for whoever throws the listing away.</summary>
    private static void Print(IReadOnlyList<Finding> findings)
    {
        foreach (var topic in findings.GroupBy(f => f.Topic))
        {
            Console.WriteLine($"{topic.Key}:");
            foreach (var finding in topic)
            {
                Console.WriteLine(Line(finding, 44));
            }
        }

        foreach (var fault in findings.Where(f => f.IsFault))
        {
            Console.Error.WriteLine($"Fault: {Line(fault, 0).Trim()}");
        }
    }

    private static string Line(Finding finding, int width) => finding.Suggestion is null ? $"  {finding.Text}" : $"  {finding.Text.PadRight(width)}  {finding.Suggestion}";
}
