using System.CommandLine;
using System.Text.Json;
using Edge.Runtime.Mqtt;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge health</c>: one line and an exit code, for scripts and monitors.</summary>
internal static class HealthVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static System.CommandLine.Command Create()
    {
        var config = CommonOptions.Config();
        var json = CommonOptions.Json();
        var verb = new System.CommandLine.Command("health", "Say whether the service runs and is well; exit code 0 when it is.") { config, json };
        verb.SetAction((parsed, cancelled) => RunAsync(parsed.GetValue(config), parsed.GetValue(json), cancelled));
        return verb;
    }

    private static async Task<int> RunAsync(string? config, bool json, CancellationToken cancelled)
    {
        var settings = EdgeSettings.Load(config);
        if (settings.Faults.Count > 0)
        {
            return Faults.WrongSetting(settings.Faults.Select(f => f.Message));
        }

        var mqtt = settings.Options.Mqtt;
        try
        {
            var health = await BrokerHealth.AskAsync(mqtt, Patience, TimeProvider.System, cancelled);
            if (health.Availability != "online")
            {
                return Faults.Print(ExitCode.Failed, health.Availability is null
                    ? $"The broker at {mqtt.Host}:{mqtt.Port} knows no Edge \"{mqtt.Id}\"; start it with `edge run`, or name other settings with --config."
                    : $"Edge \"{mqtt.Id}\" is {health.Availability}; see: journalctl -u edge");
            }

            Console.WriteLine(json ? health.Status ?? "{}" : Line(mqtt.Id, health.Status));
            return ExitCode.Ok;
        }
        catch (BrokerException fault)
        {
            return Faults.Print(ExitCode.NoBroker, fault.Message);
        }
        catch (JsonException fault)
        {
            return Faults.Print(ExitCode.Failed, $"The status of \"{mqtt.Id}\" is not one of Edge's: {fault.Message}");
        }
    }

    private static string Line(string id, string? status)
    {
        if (status is null)
        {
            return $"Edge \"{id}\" is online.";
        }

        using var document = JsonDocument.Parse(status);
        var root = document.RootElement;
        string Of(string name) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "";
        string line = $"Edge \"{id}\" is online: {Of("model")}, up {Of("uptimeS")} s, {Of("commands")} commands, {Of("queue")} waiting";
        line += Of("temperature") is { Length: > 0 } celsius ? $", {celsius} °C" : "";
        return line + (Of("throttled") == "True" ? ", held back (supply or heat)." : ".");
    }
}
