using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Devices;
using Edge.Functions.Sensors;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>
/// What a board says of its devices: names, kinds, skills and limits, so that a brain offers no more than their own gate allows. What is
/// read is a stranger's word: one thing wrong with it, and none of it counts.
/// </summary>
internal static class Announcement
{
    public const int Version = 1;
    public const int DevicesMax = 64;
    public const int BytesMax = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(string board, string edge, IEnumerable<DeviceDeclaration> exposed) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["version"] = Version,
        ["id"] = board,
        ["edge"] = edge,
        ["devices"] = new JsonArray([.. exposed.Select(Write)]),
    }.ToJsonString(Plain));

    /// <param name="board">Who says so, by the topic.</param>
    /// <exception cref="FormatException">What is wrong with it, where; without a full stop.</exception>
    public static IReadOnlyList<DeviceDeclaration> Read(string board, ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > BytesMax)
        {
            throw new FormatException($"it has {payload.Length} bytes; {BytesMax} are allowed");
        }

        try
        {
            using var document = JsonDocument.Parse(payload, Strict);
            return Read(board, document.RootElement);
        }
        catch (JsonException fault)
        {
            throw new FormatException($"its JSON cannot be read at byte {fault.BytePositionInLine ?? 0}", fault);
        }
        catch (Exception fault) when (fault is InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("a field is missing or has the wrong type", fault);
        }
    }

    private static JsonObject Write(DeviceDeclaration device)
    {
        var json = new JsonObject { ["name"] = device.Name, ["kind"] = Word(device.Kind) };
        if (device.Room is { } room)
        {
            json["room"] = room;
        }

        json["skills"] = new JsonArray([.. Skills.Where(device.Can).Select(s => (JsonNode)Word(s))]);
        json["limits"] = AnnouncedLimits.Write(device.Limits);
        if (device.Wiring is Wiring.Measuring { Sensor: { } sensor })
        {
            json["quantity"] = sensor.Quantity.Name;
            json["unit"] = sensor.Unit;
        }

        return json;
    }

    private static List<DeviceDeclaration> Read(string board, JsonElement root)
    {
        int version = root.GetProperty("version").GetInt32();
        if (version != Version)
        {
            throw new FormatException($"its version is {version}; this Edge knows {Version}, update the older board");
        }

        if (root.GetProperty("id").GetString() is var id && id != board)
        {
            throw new FormatException($"it names {Shown(id)}, but came from {board}");
        }

        var devices = root.GetProperty("devices");
        if (devices.GetArrayLength() > DevicesMax)
        {
            throw new FormatException($"it has {devices.GetArrayLength()} devices; {DevicesMax} are allowed");
        }

        var read = devices.EnumerateArray().Select(d => ReadDevice(board, d)).ToList();
        return read.GroupBy(d => d.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new FormatException($"it has two devices named {twice.Key}")
            : read;
    }

    private static DeviceDeclaration ReadDevice(string board, JsonElement json)
    {
        string name = ReadName(json, "name") ?? throw new FormatException("a device has no name");
        string kindWord = json.GetProperty("kind").GetString() ?? "";
        if (!Enum.TryParse(kindWord, ignoreCase: true, out DeviceKind kind) || Word(kind) != kindWord)
        {
            throw new FormatException($"{name} is of an unknown kind, {Shown(kindWord)}");
        }

        var skills = DeviceSkills.None;
        foreach (var word in json.GetProperty("skills").EnumerateArray())
        {
            skills |= Skills.FirstOrDefault(s => Word(s) == word.GetString());
        }

        if (skills == DeviceSkills.None || (skills & ~AnnouncedLimits.SkillsOf(kind)) != 0)
        {
            throw new FormatException($"{name} is a {kindWord} with skills that no {kindWord} has");
        }

        Wiring wiring = new Wiring.Board(board, skills);
        if (kind == DeviceKind.Sensor)
        {
            var quantity = Quantity.Of(ReadName(json, "quantity") ?? throw new FormatException($"{name} does not say what it measures"));
            string unit = json.TryGetProperty("unit", out var given) ? given.GetString() ?? "" : quantity.Unit;
            if (unit.Length > 16 || unit.Any(c => char.IsControl(c) || c is '[' or ']' or '|'))
            {
                throw new FormatException($"{name} has a unit that is none");
            }

            wiring = new Wiring.Measuring(new SensorDeclaration(quantity, unit, new SensorSource.Board(board), 1, 0, double.MinValue, double.MaxValue, null));
        }

        return new DeviceDeclaration(name, ReadName(json, "room"), kind, wiring, AnnouncedLimits.Read(name, json), true, $"board {board}");
    }

    private static string? ReadName(JsonElement json, string field)
    {
        if (!json.TryGetProperty(field, out var value))
        {
            return null;
        }

        string name = value.GetString() ?? "";
        return DeviceSettings.IsName(name) ? name.Trim() : throw new FormatException($"{Shown(name)} is no {field}; names have letters, digits, spaces and _ - ' ., {DeviceSettings.NameLengthMax} at most");
    }

    private static readonly DeviceSkills[] Skills = [.. Enum.GetValues<DeviceSkills>().Where(s => s != DeviceSkills.None)];

    private static string Word(DeviceKind kind) => kind.ToString().ToLowerInvariant();

    private static string Word(DeviceSkills skill) => skill.ToString().ToLowerInvariant();

    private static string Shown(string? text) => $"\"{new string([.. (text ?? "").Take(40).Select(c => char.IsControl(c) ? '?' : c)])}\"";
}
