using Edge.Functions.Gpio;
using Edge.Runtime.Grammars;
using Edge.Runtime.Models;
using Edge.Runtime.Mqtt;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary>What the verbs that need a house and a model begin with, and how a start that failed ends.</summary>
internal static class StartUp
{
    /// <summary>Reads the settings and finds the model; says on stderr what is wrong, all at once.</summary>
    /// <param name="isHandsAllowed">Whether the verb can do without a model; the folder is then empty.</param>
    /// <returns>Null when something is: the exit code is <see cref="ExitCode.WrongSetting"/>.</returns>
    public static (EdgeSettings Settings, string ModelFolder)? Prepare(string? config, string? model, bool simulate, bool isHandsAllowed = false)
    {
        var settings = EdgeSettings.Load(config);
        string missing = "";
        string? folder = isHandsAllowed && !settings.Options.Boards.IsBrain ? "" : ModelLocation.Find(model, settings.Options.Model.Folder, out missing);
        foreach (var fault in settings.Faults)
        {
            Console.Error.WriteLine(fault.Message);
        }

        if (folder is null)
        {
            Console.Error.WriteLine(missing);
        }

        return folder is null || settings.Faults.Count > 0 ? null : (simulate ? settings.Simulated() : settings, folder);
    }

    /// <summary>Whether a fault is one of the world's, to be told in a line, and not one of ours.</summary>
    public static bool IsKnown(Exception fault) => fault is ModelException or SchemaFault or BrokerException or HardwareFault;

    /// <summary>Says the fault on stderr.</summary>
    public static int Tell(Exception fault) => Faults.Print(
        fault switch
        {
            ModelException or SchemaFault => ExitCode.WrongSetting,
            BrokerException => ExitCode.NoBroker,
            _ => ExitCode.Failed,
        },
        fault.Message);
}
