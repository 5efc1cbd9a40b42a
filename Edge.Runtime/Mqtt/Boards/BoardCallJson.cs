using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Devices;
using Edge.Functions.Devices.Boards;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>A typed call on the wire: <c>{"version":1,"id","device","action":"switch","value":true,"caller","expiresAt"}</c>.</summary>
internal static class BoardCallJson
{
    public const int BytesMax = 4096;
    private const int TextMax = 256;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    public static byte[] Write(BoardCall call, DateTimeOffset expiresAt)
    {
        var (action, value) = Words(call.Action);
        var json = new JsonObject
        {
            ["version"] = Announcement.Version,
            ["id"] = call.Id,
            ["device"] = call.Action.Device.Name,
            ["action"] = action,
            ["caller"] = call.Caller.Length <= TextMax ? call.Caller : call.Caller[..TextMax],
            ["expiresAt"] = expiresAt.ToUnixTimeMilliseconds(),
        };
        if (value is not null)
        {
            json["value"] = value;
        }

        if (call.Token is not null)
        {
            json["token"] = call.Token;
        }

        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    /// <param name="find">The devices that may be called, by name.</param>
    /// <exception cref="FormatException">One sentence.</exception>
    public static ReceivedCall Read(ReadOnlyMemory<byte> payload, Func<string, DeviceDeclaration?> find)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, Strict);
            var root = document.RootElement;
            int version = root.GetProperty("version").GetInt32();
            if (version != Announcement.Version)
            {
                throw new FormatException($"The call is of version {version}; this board knows {Announcement.Version}, update the older one.");
            }

            string id = Text(root, "id")!;
            string name = Text(root, "device")!;
            var device = find(name) ?? throw new FormatException($"This board exposes no device \"{name}\".");
            return new ReceivedCall(
                id,
                Action(device, Text(root, "action")!, root),
                Text(root, "caller") ?? "",
                Text(root, "token"),
                DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("expiresAt").GetInt64()));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentOutOfRangeException)
        {
            throw new FormatException("The call cannot be read: a field is missing or has the wrong type.", fault);
        }
    }

    private static (string Action, JsonNode? Value) Words(DeviceAction action) => action switch
    {
        DeviceAction.SwitchTo to => ("switch", to.On),
        DeviceAction.SetLevel to => ("level", to.Percent),
        DeviceAction.OpenOrClose to => ("open", to.Open),
        DeviceAction.MoveTo to => ("position", to.Percent),
        DeviceAction.LockOrUnlock to => ("lock", to.Lock),
        DeviceAction.TurnTo to => ("turn", to.Degrees),
        DeviceAction.Beep to => ("beep", to.Times),
        DeviceAction.Pulse to => ("pulse", to.For.TotalMilliseconds),
        DeviceAction.Measure => ("measure", null),
        _ => ("read", null),
    };

    private static DeviceAction Action(DeviceDeclaration device, string action, JsonElement root) => action switch
    {
        "switch" => new DeviceAction.SwitchTo(device, root.GetProperty("value").GetBoolean()),
        "level" => new DeviceAction.SetLevel(device, Whole(root)),
        "open" => new DeviceAction.OpenOrClose(device, root.GetProperty("value").GetBoolean()),
        "position" => new DeviceAction.MoveTo(device, Whole(root)),
        "lock" => new DeviceAction.LockOrUnlock(device, root.GetProperty("value").GetBoolean()),
        "turn" => new DeviceAction.TurnTo(device, root.GetProperty("value").GetDouble()),
        "beep" => new DeviceAction.Beep(device, Whole(root)),
        "pulse" => new DeviceAction.Pulse(device, TimeSpan.FromMilliseconds(Math.Clamp(root.GetProperty("value").GetDouble(), -1, 1e9))),
        "measure" => new DeviceAction.Measure(device),
        "read" => new DeviceAction.ReadState(device),
        _ => throw new FormatException($"\"{action}\" is no action this board knows."),
    };

    private static int Whole(JsonElement root) => root.GetProperty("value").TryGetInt32(out int whole) ? whole : throw new InvalidOperationException();

    private static string? Text(JsonElement root, string field)
    {
        if (!root.TryGetProperty(field, out var value))
        {
            return field is "caller" or "token" ? null : throw new KeyNotFoundException();
        }

        string text = value.GetString() ?? throw new InvalidOperationException();
        return text.Length <= TextMax && !text.Any(char.IsControl) && (text.Length > 0 || field == "caller") ? text : throw new InvalidOperationException();
    }
}

/// <summary>A call as it came.</summary>
/// <param name="ExpiresAt">By the brain's clock.</param>
internal sealed record ReceivedCall(string Id, DeviceAction Action, string Caller, string? Token, DateTimeOffset ExpiresAt);
