using System.CommandLine;
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
        if (StartUp.Prepare(config, model, simulate: false, isHandsAllowed: true) is not var (settings, folder))
        {
            return ExitCode.WrongSetting;
        }

        try
        {
            Console.WriteLine($"{settings.Path} is right: {settings.House.Devices.Count} devices, {settings.House.Functions.Count} functions.");
            ModelFolder? opened = null;
            if (folder.Length > 0)
            {
                opened = ModelFolder.Open(folder);
                var manifest = opened.Manifest;
                Console.WriteLine($"{folder} is whole: {manifest.Architecture}, {manifest.Bits} bits, licence {manifest.Licence}.");
            }

            bool isReady = await MachineListing.PrintAsync(settings.Options.Mqtt, opened, settings.House.SysfsRoot, "/proc/meminfo", cancelled);
            return BoardListing.Print(settings.House) && isReady ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (ModelException fault)
        {
            return StartUp.Tell(fault);
        }
    }
}
