using Edge.Runtime.Models.Calibration;

namespace Edge.Runtime.Models;

/// <summary>What to convert, and how.</summary>
/// <param name="Source">A Hugging Face folder: config.json, safetensors weights, a tokenizer.</param>
/// <param name="Output">The folder to make; it appears only when it is complete.</param>
public sealed record ConvertOptions(string Source, string Output)
{
    /// <summary>Of the weights in linear layers: 4 or 8 (quantized), 16 (stored at 16 bits, computed as floats), 32.</summary>
    public int Bits { get; init; } = 4;

    /// <summary>Weights that share a scale, at 4 and 8 bits: 16, 32, 64 or 128.</summary>
    public int Block { get; init; } = 32;

    /// <summary>Each block has its own zero point, at 4 and 8 bits: a little larger, and closer where weights lean to one side.</summary>
    public bool Asymmetric { get; init; }

    /// <summary>Of a scale in the file: 32, which the program maps and keeps once, or 16: a smaller file, and every scale a second time in memory.</summary>
    public int ScaleBits { get; init; } = 32;

    /// <summary>Other bits for some projections, for example 8 for the head; the last that matches wins.</summary>
    public IReadOnlyList<LayerBits> Overrides { get; init; } = [];

    /// <summary>How MatMulNBits computes: 4 takes activations in 8 bits (4.6 times faster in decode), 0 as floats (exact).</summary>
    public int AccuracyLevel { get; init; } = 4;

    /// <summary>Positions to provide for; null for as many as config.json says.</summary>
    public int? ContextLength { get; init; }

    /// <summary>The licence of the weights, an SPDX name; null to look for it in the source's README.md.</summary>
    public string? Licence { get; init; }

    /// <summary>How the model wants to be asked and writes calls, a name of <see cref="Models.Dialect"/>; null to find out.</summary>
    public string? Dialect { get; init; }

    /// <summary>What activations look like, for weights to be scaled by before they are rounded; null for plain rounding.</summary>
    public ActivationStatistics? Calibration { get; init; }

    /// <summary>The graph gives out what calibration wants to know, beside the logits.</summary>
    internal bool Observed { get; init; }

    /// <summary>A folder with a PEFT adapter to merge before quantization; null for none.</summary>
    public string? Lora { get; init; }

    /// <summary>Replaces an output folder that exists.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Of the weights of one projection.</summary>
    /// <param name="name">As in the graph: <c>layer.0.qkv</c>, <c>layer.0.attention_output</c>, <c>.gate</c>, <c>.up</c>, <c>.down</c>, <c>logits</c>. <c>embedding</c>, the lookup, has 16 unless an override says otherwise.</param>
    public int BitsOf(string name) => Overrides.LastOrDefault(o => o.Matches(name))?.Bits ?? Bits;
}

/// <summary>Bits for the projections whose name a pattern matches.</summary>
/// <param name="Pattern">A name as in the graph, in which * stands for anything.</param>
/// <param name="Bits">4, 8, 16 or 32.</param>
public sealed record LayerBits(string Pattern, int Bits)
{
    public bool Matches(string name) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Pattern, name, ignoreCase: false);
}
