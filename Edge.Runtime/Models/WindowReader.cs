using System.Text.Json;

namespace Edge.Runtime.Models;

/// <summary>Reads how many tokens each layer's attention sees.</summary>
internal sealed class WindowReader(ConfigValues config, DecoderLayout layout, int layers, int contextLength)
{
    /// <summary>(layers); 0 for all tokens.</summary>
    public int[] Read()
    {
        int[] windows = new int[layers];
        if (config.Find("sliding_window") is null)
        {
            return windows;
        }

        int window = config.Integer("sliding_window", 1, 1 << 21);
        for (int layer = 0; window < contextLength && layer < layers; layer++)
        {
            windows[layer] = IsLocal(layer) ? window : 0;
        }

        return windows;
    }

    private bool IsLocal(int layer)
    {
        if (config.Find("layer_types") is { } types)
        {
            return TypeOf(types, layer) switch
            {
                "sliding_attention" => true,
                "full_attention" => false,
                var other => throw config.Fault($"layer_types holds {other}; Edge has \"sliding_attention\" and \"full_attention\""),
            };
        }

        return layout.Window switch
        {
            WindowRule.EveryLayer => true,
            WindowRule.AllButEverySixth => (layer + 1) % config.Integer("sliding_window_pattern", 1, 1 << 9, 6) != 0,
            WindowRule.WhereAsked => config.Flag("use_sliding_window") && layer >= config.Integer("max_window_layers", 0, 1 << 9, 0),
            _ => false,
        };
    }

    private string TypeOf(JsonElement types, int layer) =>
        types.ValueKind == JsonValueKind.Array && types.GetArrayLength() == layers && types[layer].ValueKind == JsonValueKind.String
            ? types[layer].GetString()!
            : throw config.Fault($"layer_types is {ConfigValues.Short(types)}; use a list of {layers} texts");
}

/// <summary>Which layers have a window where <c>layer_types</c> does not say it.</summary>
internal enum WindowRule
{
    None,
    EveryLayer,
    AllButEverySixth,

    /// <summary><c>use_sliding_window</c>, from <c>max_window_layers</c> on.</summary>
    WhereAsked,
}
