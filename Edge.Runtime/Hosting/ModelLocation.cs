using Edge.Runtime.Models;

namespace Edge.Runtime.Hosting;

/// <summary>Finds the folder of the model.</summary>
public static class ModelLocation
{
    public const string Shipped = "models/edge-38m";

    /// <summary>The folder named on the command line, else in edge.yaml, else the shipped one, beside the executable or above the current folder.</summary>
    /// <param name="named">From the command line, relative to the current folder; null for none.</param>
    /// <param name="setting">From edge.yaml, already made absolute; null for none.</param>
    /// <param name="fault">When null is returned: one line with the way out.</param>
    public static string? Find(string? named, string? setting, out string fault)
    {
        fault = "";
        if ((named ?? setting) is { } wanted)
        {
            if (ModelFolder.IsAt(wanted))
            {
                return wanted;
            }

            fault = $"{wanted} has neither manifest.json nor genai_config.json, so it is no converted model; make one with `edge convert FOLDER OUT` and name it with --model or model.folder.";
            return null;
        }

        string[] starts = [AppContext.BaseDirectory, Environment.CurrentDirectory];
        foreach (string start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                string candidate = Path.Combine(folder.FullName, Shipped);
                if (ModelFolder.IsAt(candidate))
                {
                    return candidate;
                }
            }
        }

        fault = $"The shipped model ({Shipped}) is neither beside the executable nor above {Environment.CurrentDirectory}; name a converted model with --model or model.folder.";
        return null;
    }
}
