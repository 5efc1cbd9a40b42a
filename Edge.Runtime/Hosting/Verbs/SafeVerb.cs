using System.CommandLine;
using Edge.Functions;
using Edge.Functions.Gpio;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge safe</c>: every output of edge.yaml to its safe value; for systemd's ExecStopPost, whatever became of the service.</summary>
internal static class SafeVerb
{
    public static System.CommandLine.Command Create()
    {
        var config = CommonOptions.Config();
        var simulate = CommonOptions.Simulate();
        var verb = new System.CommandLine.Command("safe", "Put every output to its safe value, for the moment after a crash.") { config, simulate };
        verb.SetAction(parsed => Run(parsed.GetValue(config), parsed.GetValue(simulate)));
        return verb;
    }

    private static int Run(string? config, bool simulate)
    {
        var settings = EdgeSettings.Load(config);

        // Faults elsewhere in the file are no reason to leave a line on: what can be read is made safe.
        int exitCode = Faults.Print(settings.Faults.Count > 0 ? ExitCode.WrongSetting : ExitCode.Ok, settings.Faults.Select(f => f.Message));
        try
        {
            var (safe, faults) = House.MakeSafe((simulate ? settings.Simulated() : settings).House, TimeProvider.System);
            Console.WriteLine($"{safe} outputs are at their safe values.");
            return faults.Count > 0 ? Faults.Print(ExitCode.Failed, faults) : exitCode;
        }
        catch (HardwareFault fault)
        {
            return Faults.Print(ExitCode.Failed, fault.Message);
        }
    }
}
