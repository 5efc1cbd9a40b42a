using Edge.Runtime.Models;
using Edge.Runtime.Models.Calibration;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Runtime.Inference;

/// <summary>
/// Reads a text with a model and notes how strong each channel is where projections read: what activation-aware quantization is told by. The model
/// runs at 8 bits for that, so that it needs about a byte a parameter.
/// </summary>
public static class Calibrator
{
    /// <summary>Tokens that are read; lines of the text in pieces of up to <see cref="PieceTokens"/>.</summary>
    public const int TokensMax = 4096;

    private const int PieceTokens = 256;
    private const long TextBytesMax = 16L << 20;

    /// <param name="options">What is to be converted; its output's folder is used for the time of the measurement.</param>
    /// <param name="text">A file of commands, one a line.</param>
    /// <exception cref="ModelException">The source cannot be converted, or the text not be read.</exception>
    /// <exception cref="OperationCanceledException">Somebody stopped it; nothing is left behind.</exception>
    public static ActivationStatistics Measure(ConvertOptions options, string text, IProgress<ConvertProgress>? progress, CancellationToken cancellationToken)
    {
        string words = ReadText(text);
        string folder = $"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Output))}.{Guid.NewGuid():N}.observed";
        try
        {
            ModelConverter.Convert(options with { Output = folder, Bits = 8, Block = 32, Asymmetric = false, Overrides = [], Calibration = null, Observed = true, Overwrite = false }, progress, cancellationToken);
            var model = ModelFolder.Open(folder);
            progress?.Report(new ConvertProgress("reading the text", 0, 0));
            return new ActivationStatistics(text, Read(model, Pieces(model, words), cancellationToken));
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string ReadText(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > TextBytesMax)
            {
                throw new ModelException($"{path} has {file.Length} bytes; a text to calibrate with has at most {TextBytesMax}.");
            }

            string text = File.ReadAllText(path);
            return string.IsNullOrWhiteSpace(text) ? throw new ModelException($"{path} is empty; write commands as the model will get them, one a line.") : text;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Whole lines, as many as a piece holds.</summary>
    private static List<int[]> Pieces(ModelFolder model, string text)
    {
        int longest = Math.Min(PieceTokens, model.Manifest.ContextLength), total = 0;
        var pieces = new List<int[]>();
        var piece = new List<int>();
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var ids = new List<int>();
            model.Tokenizer.EncodeText(line, ids);
            if (piece.Count + ids.Count > longest)
            {
                Flush();
            }

            piece.AddRange(ids);
            if (total + piece.Count >= TokensMax)
            {
                break;
            }
        }

        Flush();
        return pieces;

        void Flush()
        {
            int[] ids = [.. (model.Config.BosTokenId is { } bos ? [bos] : (IEnumerable<int>)[]).Concat(piece).Take(longest)];
            if (piece.Count > 0)
            {
                pieces.Add(ids);
                total += ids.Length;
            }

            piece.Clear();
        }
    }

    private static Dictionary<string, ChannelStatistics> Read(ModelFolder model, List<int[]> pieces, CancellationToken cancellationToken)
    {
        using var session = OnnxSession.Open(model.OnnxPath, DecoderOptions.Default);
        using var options = new RunOptions();
        string[] outputs = [.. session.OutputMetadata.Keys.Where(n => n.StartsWith(ActivationStatistics.MagnitudesOf(""), StringComparison.Ordinal) || n.StartsWith(ActivationStatistics.SquaresOf(""), StringComparison.Ordinal))];
        var sums = outputs.ToDictionary(o => o, o => new double[session.OutputMetadata[o].Dimensions[0]], StringComparer.Ordinal);
        int tokens = pieces.Sum(p => p.Length);
        foreach (int[] piece in pieces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var inputs = Inputs(model.Config, piece);
            try
            {
                using var results = session.Run(options, inputs, outputs);
                for (int i = 0; i < outputs.Length; i++)
                {
                    var values = results[i].GetTensorDataAsSpan<float>();
                    double[] sum = sums[outputs[i]];
                    for (int c = 0; c < sum.Length; c++)
                    {
                        sum[c] += values[c] * (double)piece.Length / tokens;
                    }
                }
            }
            finally
            {
                foreach (var input in inputs.Values)
                {
                    input.Dispose();
                }
            }
        }

        string prefix = ActivationStatistics.MagnitudesOf("");
        return outputs.Where(o => o.StartsWith(prefix, StringComparison.Ordinal)).Select(o => o[prefix.Length..]).ToDictionary(
            group => group,
            group => new ChannelStatistics(Floats(sums[ActivationStatistics.MagnitudesOf(group)]), Floats(sums[ActivationStatistics.SquaresOf(group)])),
            StringComparer.Ordinal);
    }

    private static float[] Floats(double[] values) => [.. values.Select(v => (float)v)];

    /// <summary>A first run, with an empty cache, that asks for every row.</summary>
    private static Dictionary<string, OrtValue> Inputs(ModelConfig config, int[] tokens)
    {
        long[] ids = [.. tokens.Select(t => (long)t)], places = [.. Enumerable.Range(0, tokens.Length).Select(i => (long)i)];
        var inputs = new Dictionary<string, OrtValue>(StringComparer.Ordinal)
        {
            ["input_ids"] = OrtValue.CreateTensorValueFromMemory(ids, [1, ids.Length]),
            ["logits_at"] = OrtValue.CreateTensorValueFromMemory(places, [ids.Length]),
            ["position_ids"] = OrtValue.CreateTensorValueFromMemory(places, [1, ids.Length]),
            ["seqlens_k"] = OrtValue.CreateTensorValueFromMemory(new[] { ids.Length - 1 }, [1]),
            ["total_sequence_length"] = OrtValue.CreateTensorValueFromMemory(new[] { ids.Length }, [1]),
            ["branch_bias"] = OrtValue.CreateTensorValueFromMemory(new float[ids.Length * ids.Length], [1, 1, ids.Length, ids.Length]),
        };
        for (int layer = 0; layer < config.Layers; layer++)
        {
            foreach (string part in (ReadOnlySpan<string>)["key", "value"])
            {
                inputs[$"past_key_values.{layer}.{part}"] = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [1, config.KvHeads, 0, config.HeadDim]);
            }
        }

        return inputs;
    }
}
