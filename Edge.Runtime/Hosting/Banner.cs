using Edge.Runtime.Mqtt;

namespace Edge.Runtime.Hosting;

/// <summary>What <c>run</c> says when it is ready: what it serves, where, and one command to try.</summary>
internal static class Banner
{
    public static string Version => typeof(Banner).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static IEnumerable<string> Lines(EdgeSettings settings, Engine engine, bool reachable)
    {
        var mqtt = settings.Options.Mqtt;
        var topics = new Topics(mqtt.Id);
        var house = engine.House;
        string lines = house.IsSimulated ? "simulated lines: nothing moves" : $"lines of {house.Chip}";
        yield return $"Edge {Version} is ready.";
        yield return $"  House   {house.Registry.Devices.Count} devices on {lines} ({settings.Path})";
        yield return $"  Model   {engine.Model}, {house.Catalog.Functions.Count} functions";
        yield return $"  Broker  {mqtt.Host}:{mqtt.Port}, {(mqtt.Embedded ? "embedded" : reachable ? "connected" : "not reached yet, trying on")}";
        var boards = settings.Options.Boards;
        if (boards.IsBrain)
        {
            yield return $"  Topics  {topics.Command} in, {topics.Reply} out";
            yield return $"  Try     {Executable()} send \"{Example(engine)}\"{Where(mqtt)}";
        }
        else
        {
            yield return $"  Role    hands: {(boards.Brains.Count == 0 ? "every brain that the broker lets in" : string.Join(", ", boards.Brains))} may call {mqtt.Id}'s devices";
        }

        yield return "  Ctrl-C stops it; lines go to their safe state.";
        foreach (string notice in house.Notices)
        {
            yield return $"  Note    {notice}";
        }
    }

    /// <summary>A sentence about something this house has.</summary>
    private static string Example(Engine engine)
    {
        var device = engine.House.Registry.Devices.FirstOrDefault(d => d.Declaration.Expose && d.Declaration.Can(Functions.Devices.DeviceSkills.Switch));
        return device is null ? "what can you do?" : $"turn on the {device.Name}";
    }

    /// <summary>The options <c>send</c> needs to find this Edge; none when all is as usual.</summary>
    private static string Where(MqttOptions mqtt)
    {
        var usual = new MqttOptions();
        return (mqtt.Id == usual.Id ? "" : $" --id {mqtt.Id}")
            + (mqtt.Host == usual.Host ? "" : $" --host {mqtt.Host}")
            + (mqtt.Port == usual.Port ? "" : $" --port {mqtt.Port}");
    }

    /// <summary>The way this program can be called from the current folder.</summary>
    private static string Executable()
    {
        string path = Environment.ProcessPath ?? "edge";
        string? folder = Path.GetDirectoryName(path);
        bool onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Contains(folder);
        string near = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return onPath ? Path.GetFileName(path) : near.StartsWith("..", StringComparison.Ordinal) ? path : near.Contains('/', StringComparison.Ordinal) ? near : $"./{near}";
    }
}
