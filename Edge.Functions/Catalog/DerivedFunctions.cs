using Edge.Functions.Devices;
using Edge.Functions.Displays;
using Edge.Functions.Sensors;

namespace Edge.Functions.Catalog;

/// <summary>
/// The functions that follow from what the house has. Names, argument names and descriptions are close to those the shipped model was
/// trained on; a function appears only when a device needs it, as every one costs prompt tokens.
/// </summary>
public static class DerivedFunctions
{
    /// <param name="devices">All devices; only exposed ones are offered.</param>
    public static IReadOnlyList<CatalogFunction> Of(IReadOnlyList<DeviceDeclaration> devices)
    {
        var exposed = devices.Where(d => d.Expose).ToList();
        var functions = new List<CatalogFunction>();
        AddSwitches(functions, With(exposed, DeviceSkills.Switch));
        AddLevels(functions, exposed);
        AddStrips(functions, With(exposed, DeviceSkills.Colour));
        AddCovers(functions, exposed);
        AddLocks(functions, With(exposed, DeviceSkills.Lock));
        AddServos(functions, With(exposed, DeviceSkills.Turn));
        AddBuzzers(functions, With(exposed, DeviceSkills.Beep));
        AddMelodies(functions, With(exposed, DeviceSkills.Play));
        AddSensors(functions, With(exposed, DeviceSkills.Measure));
        AddStates(functions, [.. With(exposed, DeviceSkills.State).Where(d => d.Kind is not (DeviceKind.Servo or DeviceKind.Stepper))]);
        return functions;
    }

    private static void AddSwitches(List<CatalogFunction> functions, List<DeviceDeclaration> devices)
    {
        var targets = WithGroups(devices);
        Add(functions, "turn_on", "Turn a device on", "device", targets, "on");
        Add(functions, "turn_off", "Turn a device off", "device", targets, "off");
    }

    private static void AddLevels(List<CatalogFunction> functions, List<DeviceDeclaration> exposed)
    {
        var levels = With(exposed, DeviceSkills.Level);
        AddLevel(functions, "set_brightness", "Set the brightness of a light", "light", "brightness", levels.Where(d => d.Kind is DeviceKind.Dimmer or DeviceKind.Strip));
        AddLevel(functions, "set_fan_speed", "Set the speed of a fan", "fan", "speed", levels.Where(d => d.Kind == DeviceKind.Fan));
    }

    private static void AddLevel(List<CatalogFunction> functions, string name, string description, string device, string level, IEnumerable<DeviceDeclaration> of)
    {
        var devices = of.ToList();
        if (devices.Count > 0)
        {
            var targets = WithGroups(devices);
            var schema = new SchemaBuilder().Choice(device, targets.Keys).Integer(level, 0, devices.Max(d => d.Limits.LevelMax));
            Add(functions, name, description, schema, new ActionTemplate.Set(new Slot.Argument(device), new Slot.Argument(level)), targets);
        }
    }

    private static void AddStrips(List<CatalogFunction> functions, List<DeviceDeclaration> devices)
    {
        if (devices.Count > 0)
        {
            var targets = WithGroups(devices);
            AddChoice(functions, "set_color", "Set the color of a light", "light", targets, "color", Rgb.Names);
            AddChoice(functions, "set_effect", "Set the effect of a light", "light", targets, "effect", StripPicture.EffectNames);
        }
    }

    /// <summary>With a single buzzer nobody says which, and the melodies are its own.</summary>
    private static void AddMelodies(List<CatalogFunction> functions, List<DeviceDeclaration> devices)
    {
        if (devices.Count > 0)
        {
            var targets = Targets(devices);
            var names = devices.Select(d => ((Wiring.Tone)d.Wiring).Melodies.Select(m => m.Name)).Aggregate((a, b) => a.Intersect(b, StringComparer.OrdinalIgnoreCase)).ToList();
            AddChoice(functions, "play_melody", "Play a melody", devices.Count == 1 ? null : "buzzer", targets, "melody", names);
        }
    }

    /// <param name="device">The argument that names the device; null where there is just one.</param>
    private static void AddChoice(
        List<CatalogFunction> functions, string name, string description, string? device, Dictionary<string, IReadOnlyList<DeviceDeclaration>> targets, string to, IReadOnlyList<string> values)
    {
        var schema = device is null ? new SchemaBuilder() : new SchemaBuilder().Choice(device, targets.Keys);
        Slot target = device is null ? Slot.Text(targets.Keys.First()) : new Slot.Argument(device);
        Add(functions, name, description, schema.Choice(to, values), new ActionTemplate.Set(target, new Slot.Argument(to)), targets);
    }

    private static void AddCovers(List<CatalogFunction> functions, List<DeviceDeclaration> exposed)
    {
        var covers = With(exposed, DeviceSkills.Open);
        if (covers.Count > 0)
        {
            var all = WithGroups(covers);
            var either = new SchemaBuilder().Choice("cover", all.Keys).Choice("action", ["open", "close"]);
            Add(functions, "move_cover", "Open or close a cover", either, new ActionTemplate.Set(new Slot.Argument("cover"), new Slot.Argument("action")), all);
        }

        var positioned = With(exposed, DeviceSkills.Position);
        if (positioned.Count > 0)
        {
            var targets = WithGroups(positioned);
            var schema = new SchemaBuilder().Choice("cover", targets.Keys).Integer("position", 0, 100);
            Add(functions, "set_position", "Move a cover, 0 is closed and 100 is open", schema, new ActionTemplate.Set(new Slot.Argument("cover"), new Slot.Argument("position")), targets);
        }
    }

    private static void AddLocks(List<CatalogFunction> functions, List<DeviceDeclaration> devices)
    {
        // No groups: opening every door at once is not something to say by accident.
        var targets = Targets(devices);
        Add(functions, "lock_door", "Lock a door", "lock", targets, "lock");
        Add(functions, "unlock_door", "Unlock a door", "lock", targets, "unlock");
    }

    private static void AddServos(List<CatalogFunction> functions, List<DeviceDeclaration> devices)
    {
        if (devices.Count > 0)
        {
            var targets = Targets(devices);
            int min = (int)Math.Ceiling(devices.Min(d => d.Limits.DegreesMin));
            int max = (int)Math.Floor(devices.Max(d => d.Limits.DegreesMax));
            var schema = new SchemaBuilder().Choice("servo", targets.Keys).Integer("angle", min, max);
            Add(functions, "move_servo", "Move a servo to an angle in degrees", schema, new ActionTemplate.Set(new Slot.Argument("servo"), new Slot.Argument("angle")), targets);
        }
    }

    /// <summary>With a single buzzer nobody says which.</summary>
    private static void AddBuzzers(List<CatalogFunction> functions, List<DeviceDeclaration> devices)
    {
        if (devices.Count > 0)
        {
            var targets = Targets(devices);
            bool single = devices.Count == 1;
            var schema = single ? new SchemaBuilder() : new SchemaBuilder().Choice("buzzer", targets.Keys);
            schema.Integer("times", 1, devices.Max(d => d.Limits.TimesMax));
            var device = single ? Slot.Text(devices[0].Name) : new Slot.Argument("buzzer");
            Add(functions, "sound_buzzer", "Make beeps", schema, new ActionTemplate.Beep(device, new Slot.Argument("times")), targets);
        }
    }

    /// <summary>With a single sensor of a quantity nobody says which: there is no argument to get wrong.</summary>
    private static void AddSensors(List<CatalogFunction> functions, List<DeviceDeclaration> sensors)
    {
        foreach (var quantity in sensors.GroupBy(QuantityOf))
        {
            var targets = new Dictionary<string, IReadOnlyList<DeviceDeclaration>>(StringComparer.OrdinalIgnoreCase);
            foreach (var sensor in quantity)
            {
                targets[Location(sensor, quantity)] = [sensor];
            }

            bool single = targets.Count == 1;
            var schema = single ? new SchemaBuilder() : new SchemaBuilder().Choice("location", targets.Keys);
            Slot location = single ? Slot.Text(targets.Keys.First()) : new Slot.Argument("location");
            Add(functions, "read_" + quantity.Key.Key, "Read the " + quantity.Key.Name, schema, new ActionTemplate.Read(location), targets);
        }
    }

    /// <summary>The room, where it tells this sensor from the others of its quantity; else its name.</summary>
    private static string Location(DeviceDeclaration sensor, IEnumerable<DeviceDeclaration> others) =>
        sensor.Room is { } room && others.Count(o => string.Equals(o.Room, room, StringComparison.OrdinalIgnoreCase)) == 1
            && !others.Any(o => string.Equals(o.Name, room, StringComparison.OrdinalIgnoreCase))
            ? room
            : sensor.Name;

    private static Quantity QuantityOf(DeviceDeclaration sensor) => ((Wiring.Measuring)sensor.Wiring).Sensor.Quantity;

    private static void AddStates(List<CatalogFunction> functions, List<DeviceDeclaration> devices)
    {
        if (devices.Count > 0)
        {
            var targets = Targets(devices);
            Add(functions, "get_state", "Tell whether a device is on, off, open or closed", new SchemaBuilder().Choice("device", targets.Keys), new ActionTemplate.Read(new Slot.Argument("device")), targets);
        }
    }

    private static void Add(List<CatalogFunction> functions, string name, string description, string device, Dictionary<string, IReadOnlyList<DeviceDeclaration>> targets, string to)
    {
        if (targets.Count > 0)
        {
            Add(functions, name, description, new SchemaBuilder().Choice(device, targets.Keys), new ActionTemplate.Set(new Slot.Argument(device), Slot.Text(to)), targets);
        }
    }

    private static void Add(List<CatalogFunction> functions, string name, string description, SchemaBuilder schema, ActionTemplate action, Dictionary<string, IReadOnlyList<DeviceDeclaration>> targets)
    {
        var definition = new FunctionDefinition(name, description, schema.Build());
        functions.Add(new CatalogFunction(definition, JsonSchema.Parse(definition.Parameters), [action], targets));
    }

    private static List<DeviceDeclaration> With(IEnumerable<DeviceDeclaration> devices, DeviceSkills skill) => [.. devices.Where(d => d.Can(skill))];

    private static Dictionary<string, IReadOnlyList<DeviceDeclaration>> Targets(IEnumerable<DeviceDeclaration> devices) =>
        devices.ToDictionary(d => d.Name, IReadOnlyList<DeviceDeclaration> (d) => [d], StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, IReadOnlyList<DeviceDeclaration>> WithGroups(List<DeviceDeclaration> devices)
    {
        var targets = Targets(devices);
        foreach (var group in DeviceGroups.Of(devices))
        {
            targets.TryAdd(group.Name, group.Members);
        }

        return targets;
    }
}
