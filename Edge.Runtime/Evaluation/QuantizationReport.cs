using System.Globalization;
using System.Numerics.Tensors;
using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Models.Calibration;
using Edge.Runtime.Prompts;

namespace Edge.Runtime.Evaluation;

/// <summary>One way to quantize, and what it does to a model.</summary>
/// <param name="Name">As a command line says it.</param>
/// <param name="Bytes">Of graph and weights.</param>
/// <param name="LogitError">Root mean square of the logits' differences from 16 bits, as a part of that of their spread.</param>
/// <param name="SameToken">Share of positions whose likeliest token is the same as at 16 bits.</param>
/// <param name="TokensPerSecond">Decode, median, one after the other behind the text.</param>
/// <param name="Accuracy">On the suite; null without one.</param>
public sealed record QuantizationRow(string Name, long Bytes, double LogitError, double SameToken, double TokensPerSecond, double? Accuracy);

/// <summary>What each way to quantize costs a model in precision, and saves in size and time.</summary>
/// <param name="source">A Hugging Face folder.</param>
/// <param name="text">What logits are compared on; as much as the context holds, 256 tokens at most.</param>
/// <param name="suite">Rows whose calls are scored; null for none.</param>
/// <param name="calibration">A text file to calibrate with, another than the one that is compared on; null for no such ways.</param>
public sealed class QuantizationReport(string source, string text, EvalSuite? suite, TimeProvider clock, string? calibration = null)
{
    private const int TokensMax = 256;

    private static readonly (string Name, Func<ConvertOptions, ConvertOptions> With)[] _ways =
    [
        ("--bits 16", o => o with { Bits = 16 }),
        ("--bits 8", o => o with { Bits = 8 }),
        ("--bits 4 --block 16", o => o with { Block = 16 }),
        ("--bits 4 --block 32", o => o),
        ("--bits 4 --block 128", o => o with { Block = 128 }),
        ("--bits 4 --asymmetric", o => o with { Asymmetric = true }),
        ("--bits 4 --bits-of logits=8", o => o with { Overrides = [new LayerBits("logits", 8)] }),
        ("--bits 4 --bits-of *.down=8", o => o with { Overrides = [new LayerBits("*.down", 8)] }),
        ("--bits 4 --bits-of embedding=8", o => o with { Overrides = [new LayerBits("embedding", 8)] }),
        ("--bits 4 --bits-of embedding=4", o => o with { Overrides = [new LayerBits("embedding", 4)] }),
        (Calibrated, o => o),
        ($"{Calibrated} --asymmetric", o => o with { Asymmetric = true }),
    ];

    private const string Calibrated = "--bits 4 --calibrate TEXT";

    private ActivationStatistics? _statistics;

    /// <summary>Converts, runs and removes one way after the other in <paramref name="workFolder"/>.</summary>
    /// <exception cref="ModelException">The source cannot be converted.</exception>
    /// <exception cref="OperationCanceledException">Somebody stopped it.</exception>
    public IEnumerable<QuantizationRow> Rows(string workFolder, CancellationToken cancellationToken)
    {
        float[][]? reference = null;
        foreach (var (name, with) in _ways)
        {
            string path = Path.Combine(workFolder, "model");
            var options = with(new ConvertOptions(source, path) { Overwrite = true });
            if (name.StartsWith(Calibrated, StringComparison.Ordinal))
            {
                if (calibration is null)
                {
                    continue;
                }

                _statistics ??= Calibrator.Measure(options, calibration, null, cancellationToken);
                options = options with { Calibration = _statistics };
            }

            ModelConverter.Convert(options, null, cancellationToken);
            var folder = ModelFolder.Open(path);
            var (logits, tokensPerSecond) = Run(folder, cancellationToken);
            reference ??= logits;
            double? accuracy = suite is not null ? Score(folder, suite, cancellationToken) : null;
            yield return new QuantizationRow(name, folder.Manifest.Files.Sum(f => f.Bytes), Error(reference, logits), Same(reference, logits), tokensPerSecond, accuracy);
        }
    }

    private (float[][] Logits, double TokensPerSecond) Run(ModelFolder folder, CancellationToken cancellationToken)
    {
        using var decoder = new OnnxDecoder(folder);
        List<int> ids = folder.Config.BosTokenId is { } start ? [start] : [];
        folder.Tokenizer.EncodeText(text, ids);
        var logits = new List<float[]>();
        var seconds = new List<double>();
        foreach (int id in ids.Take(Math.Min(TokensMax, decoder.ContextLength)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            long before = clock.GetTimestamp();
            logits.Add(decoder.Run([id]).ToArray());
            seconds.Add(clock.GetElapsedTime(before).TotalSeconds);
        }

        seconds.Sort();
        return ([.. logits], seconds.Count == 0 ? 0 : 1 / seconds[seconds.Count / 2]);
    }

    private double Score(ModelFolder folder, EvalSuite rows, CancellationToken cancellationToken)
    {
        using var model = LanguageModel.Open(folder, DecoderOptions.Default, TimeProvider.System);
        var caller = new ModelCaller(model, ChatTemplates.Of(folder), new GrammarOptions { EnumIgnoreCase = true }, useGrammar: true);
        return new EvalRun(caller, new FailureLog(TextWriter.Null), clock).Run(rows, _ => { }, cancellationToken).Accuracy;
    }

    private static double Error(float[][] reference, float[][] logits)
    {
        double difference = 0, spread = 0;
        foreach (var (a, b) in reference.Zip(logits))
        {
            float mean = TensorPrimitives.Sum<float>(a) / a.Length;
            for (int i = 0; i < a.Length; i++)
            {
                difference += (a[i] - b[i]) * (a[i] - b[i]);
                spread += (a[i] - mean) * (a[i] - mean);
            }
        }

        return spread == 0 ? 0 : Math.Sqrt(difference / spread);
    }

    private static double Same(float[][] reference, float[][] logits) => reference.Length == 0 ? 1
        : reference.Zip(logits).Average(p => TensorPrimitives.IndexOfMax<float>(p.First) == TensorPrimitives.IndexOfMax<float>(p.Second) ? 1.0 : 0);

    /// <summary>A line of the report.</summary>
    public static string Line(QuantizationRow row) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Name,-28} {row.Bytes / 1e6,9:0.0} MB  logit error {row.LogitError,7:0.00000}  same token {100 * row.SameToken,5:0.0} %  {row.TokensPerSecond,6:0.0} tokens/s")
        + (row.Accuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $"  suite {100 * accuracy:0.0} %") : "");
}
