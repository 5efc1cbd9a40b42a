using System.CommandLine;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge check</c>: says what is wrong with the settings without starting anything.</summary>
internal static class CheckVerb
{
    public static System.CommandLine.Command Create()
    {
        var config = CommonOptions.Config();
        var model = CommonOptions.Model();
        var verb = new System.CommandLine.Command("check", "Check the settings and what they name; move nothing.") { config, model };
        verb.SetAction(parsed => Run(parsed.GetValue(config), parsed.GetValue(model)));
        return verb;
    }

    private static int Run(string? config, string? model)
    {
        var settings = EdgeSettings.Load(config);
        string? folder = ModelLocation.Find(model, settings.Options.Model.Folder, out string missing);
        if (settings.Faults.Count > 0 || folder is null)
        {
            return Faults.WrongSetting([.. settings.Faults.Select(f => f.Message), .. folder is null ? [missing] : Array.Empty<string>()]);
        }

        Console.WriteLine($"{settings.Path} is right; the model is {folder}.");
        return ExitCode.Ok;
    }
}
