namespace Edge.Functions.Settings;

/// <summary>Something in the settings that keeps the service from starting.</summary>
/// <param name="Message">One line: the value, the limit, the way out, the place: <c>mqtt.port is 70000; use 1 to 65535 (edge.yaml, line 12).</c></param>
public sealed record SettingsFault(string Message)
{
    public override string ToString() => Message;
}
