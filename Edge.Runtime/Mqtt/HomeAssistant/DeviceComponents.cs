using System.Text.Json.Nodes;
using Edge.Functions.Devices;
using Edge.Functions.Displays;

namespace Edge.Runtime.Mqtt.HomeAssistant;

/// <summary>
/// A device as one of Home Assistant's MQTT components. Every command goes to the device's <c>set</c> topic, without retain, and so through
/// the gate. Source: home-assistant.io, the pages of the MQTT light, switch, fan, cover, lock, sensor, binary sensor, number and button.
/// </summary>
internal sealed class DeviceComponents(Topics topics)
{
    // "None" is Home Assistant's word for a state that nobody knows.
    private const string State = "{{ 'None' if value_json.state == 'unknown' else value_json.state }}";
    private const string Value = "{{ value_json.value | default('None') }}";
    private const string Position = "{{ value_json.value | default('') }}";

    /// <returns>Null for a device that Home Assistant can do nothing with.</returns>
    public JsonObject? Of(DeviceDeclaration device) => device.Kind switch
    {
        DeviceKind.Light or DeviceKind.Dimmer or DeviceKind.Strip => Light(device),
        DeviceKind.Switch => Switched(device, "switch", "value_template"),
        DeviceKind.Fan => Fan(device),
        DeviceKind.Cover => Cover(device),
        DeviceKind.Lock => Lock(device),
        DeviceKind.Servo or DeviceKind.Stepper => Servo(device),
        DeviceKind.Buzzer => Buzzer(device),
        DeviceKind.Sensor => Sensor(device),
        DeviceKind.Rotary => Count(device),
        DeviceKind.Contact => Binary(device, "opening", "open", "closed"),
        DeviceKind.Button => Binary(device, null, "pressed", "released"),
        DeviceKind.Motion => Binary(device, "motion", "motion", "clear"),
        _ => null,
    };

    private JsonObject Light(DeviceDeclaration device)
    {
        var light = Switched(device, "light", "state_value_template");
        if (device.Can(DeviceSkills.Level))
        {
            light["brightness_command_topic"] = topics.DeviceSet(device.Name);
            light["brightness_state_topic"] = topics.DeviceState(device.Name);
            light["brightness_value_template"] = Value;
            light["brightness_scale"] = device.Limits.LevelMax;

            // One message for one wish: a level turns it on by itself.
            light["on_command_type"] = "brightness";
        }

        if (device.Can(DeviceSkills.Colour))
        {
            light["rgb_command_topic"] = topics.DeviceSet(device.Name);
            light["rgb_state_topic"] = topics.DeviceState(device.Name);
            light["rgb_value_template"] = "{{ value_json.rgb | join(',') }}";
            light["effect_command_topic"] = topics.DeviceSet(device.Name);
            light["effect_state_topic"] = topics.DeviceState(device.Name);
            light["effect_value_template"] = "{{ value_json.effect }}";
            light["effect_list"] = new JsonArray([.. StripPicture.EffectNames.Select(e => (JsonNode)e)]);
        }

        return light;
    }

    private JsonObject Fan(DeviceDeclaration device)
    {
        var fan = Switched(device, "fan", "state_value_template");
        if (device.Can(DeviceSkills.Level))
        {
            fan["percentage_command_topic"] = topics.DeviceSet(device.Name);
            fan["percentage_state_topic"] = topics.DeviceState(device.Name);
            fan["percentage_value_template"] = Value;
            fan["speed_range_min"] = Math.Max(1, device.Limits.LevelMin);
            fan["speed_range_max"] = device.Limits.LevelMax;
        }

        return fan;
    }

    private JsonObject Switched(DeviceDeclaration device, string platform, string template)
    {
        var json = Commanded(device, platform);
        json["state_topic"] = topics.DeviceState(device.Name);
        json[template] = State;
        json["payload_on"] = "on";
        json["payload_off"] = "off";
        return json;
    }

    private JsonObject Cover(DeviceDeclaration device)
    {
        var cover = Commanded(device, "cover");
        cover["state_topic"] = topics.DeviceState(device.Name);
        cover["value_template"] = State;
        cover["payload_open"] = "open";
        cover["payload_close"] = "close";

        // A cover without feedback has no way to stop and know where it stands.
        cover["payload_stop"] = null;
        if (device.Can(DeviceSkills.Position))
        {
            cover["set_position_topic"] = topics.DeviceSet(device.Name);
            cover["position_topic"] = topics.DeviceState(device.Name);
            cover["position_template"] = Position;
        }

        return cover;
    }

    private JsonObject Lock(DeviceDeclaration device)
    {
        var json = Commanded(device, "lock");
        json["state_topic"] = topics.DeviceState(device.Name);
        json["value_template"] = State;
        json["payload_lock"] = "lock";
        json["payload_unlock"] = "unlock";
        json["state_locked"] = "locked";
        json["state_unlocked"] = "unlocked";
        if (device.Rules.Confirm == Confirmation.Pin)
        {
            // Home Assistant asks for the code and sends it along; the gate compares it.
            json["code_format"] = @"^\d+$";
            json["command_template"] = """{"state":"{{ value }}","token":"{{ code }}"}""";
        }

        return json;
    }

    private JsonObject Servo(DeviceDeclaration device)
    {
        var number = Commanded(device, "number");
        number["state_topic"] = topics.DeviceState(device.Name);
        number["value_template"] = Value;
        number["min"] = device.Limits.DegreesMin;
        number["max"] = device.Limits.DegreesMax;
        number["step"] = 1;
        number["mode"] = "slider";
        number["unit_of_measurement"] = "°";
        return number;
    }

    private JsonObject Buzzer(DeviceDeclaration device)
    {
        var button = Commanded(device, "button");
        button["payload_press"] = "beep";
        return button;
    }

    private JsonObject Sensor(DeviceDeclaration device)
    {
        var measuring = ((Wiring.Measuring)device.Wiring).Sensor;
        var sensor = Common(device, "sensor");
        sensor["state_topic"] = topics.DeviceState(device.Name);
        sensor["value_template"] = Value;
        sensor["state_class"] = "measurement";
        if (measuring.Unit.Length > 0)
        {
            sensor["unit_of_measurement"] = measuring.Unit;
        }

        if (EntityNames.DeviceClass(measuring.Quantity.Name, measuring.Unit) is { } deviceClass)
        {
            sensor["device_class"] = deviceClass;
        }

        return sensor;
    }

    /// <summary>The clicks of a knob.</summary>
    private JsonObject Count(DeviceDeclaration device)
    {
        var sensor = Common(device, "sensor");
        sensor["state_topic"] = topics.DeviceState(device.Name);
        sensor["value_template"] = Value;
        sensor["state_class"] = "measurement";
        return sensor;
    }

    private JsonObject Binary(DeviceDeclaration device, string? deviceClass, string on, string off)
    {
        var sensor = Common(device, "binary_sensor");
        sensor["state_topic"] = topics.DeviceState(device.Name);
        sensor["value_template"] = State;
        sensor["payload_on"] = on;
        sensor["payload_off"] = off;
        if (deviceClass is not null)
        {
            sensor["device_class"] = deviceClass;
        }

        return sensor;
    }

    private JsonObject Commanded(DeviceDeclaration device, string platform)
    {
        var json = Common(device, platform);
        json["command_topic"] = topics.DeviceSet(device.Name);

        // Home Assistant retains a fan's commands unless told otherwise; a retained one would be refused.
        json["retain"] = false;
        return json;
    }

    private JsonObject Common(DeviceDeclaration device, string platform) => Component.Create(topics, platform, Topics.Level(device.Name), device.Name);
}
