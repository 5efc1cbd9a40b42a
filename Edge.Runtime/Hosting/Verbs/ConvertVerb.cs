using System.CommandLine;
using System.Globalization;
using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Spectre.Console;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge convert</c>: makes a model folder out of a Hugging Face folder.</summary>
internal static class ConvertVerb
{
    public static System.CommandLine.Command Create()
    {
        var usual = new ConvertOptions("", "");
        var source = new Argument<string>("FOLDER") { Description = "A Hugging Face folder: config.json, safetensors weights, tokenizer." };
        var output = new Argument<string>("OUT") { Description = "The folder to make." };
        var bits = new Option<int>("--bits") { Description = "Of the weights: 4, 8, 16 or 32.", DefaultValueFactory = _ => usual.Bits };
        var block = new Option<int>("--block") { Description = "Weights that share a scale, at 4 and 8 bits: 16, 32, 64 or 128.", DefaultValueFactory = _ => usual.Block };
        var asymmetric = new Option<bool>("--asymmetric") { Description = "Each block has its own zero point, at 4 and 8 bits." };
        var scales = new Option<int>("--scales") { Description = "Bits of a scale in the file, at 4 and 8 bits: 32, or 16 for a file a tenth smaller that takes a sixth more memory.", DefaultValueFactory = _ => usual.ScaleBits };
        var bitsOf = new Option<string[]>("--bits-of") { Description = "Other bits for some projections, NAME=BITS with * for anything: logits=8, layer.0.*=8, *.down=8. May be given again; the last that matches wins." };
        var calibrate = new Option<string?>("--calibrate") { Description = "A text file of commands: weights of channels that are strong on it are rounded with more care, at 4 and 8 bits. Costs a run of the model and no size." };
        var lora = new Option<string?>("--lora") { Description = "A folder with a PEFT adapter to merge first." };
        var context = new Option<int?>("--context") { Description = "Positions to provide for; as many as config.json says when not given." };
        var licence = new Option<string?>("--licence") { Description = "The licence of the weights, an SPDX name; from the folder's README.md when not given." };
        var dialect = new Option<string?>("--dialect") { Description = $"How the model is asked and writes calls: {Dialect.Names}; found out by its chat template when not given." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace OUT if it exists." };
        var verb = new System.CommandLine.Command("convert", "Convert a Hugging Face model folder to a quantized ONNX decoder.") { source, output, bits, block, asymmetric, scales, bitsOf, calibrate, lora, context, licence, dialect, overwrite };
        verb.SetAction((parsed, cancelled) => RunAsync(
            new ConvertOptions(parsed.GetValue(source)!, parsed.GetValue(output)!)
            {
                Bits = parsed.GetValue(bits),
                Block = parsed.GetValue(block),
                Asymmetric = parsed.GetValue(asymmetric),
                ScaleBits = parsed.GetValue(scales),
                Overrides = [.. (parsed.GetValue(bitsOf) ?? []).Select(ReadBits)],
                Lora = parsed.GetValue(lora),
                ContextLength = parsed.GetValue(context),
                Licence = parsed.GetValue(licence),
                Dialect = parsed.GetValue(dialect),
                Overwrite = parsed.GetValue(overwrite),
            },
            parsed.GetValue(calibrate),
            cancelled));
        return verb;
    }

    /// <summary>What is not NAME=BITS has bits that convert refuses by name.</summary>
    private static LayerBits ReadBits(string text) =>
        text.LastIndexOf('=') is > 0 and var at && int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            ? new LayerBits(text[..at], bits)
            : new LayerBits(text, 0);

    private static async Task<int> RunAsync(ConvertOptions options, string? calibrate, CancellationToken cancelled)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        try
        {
            var manifest = await Task.Run(() => Convert(options, calibrate, console, cancelled), cancelled);
            long bytes = manifest.Files.Sum(f => f.Bytes);
            Console.WriteLine($"{options.Output}: {manifest.Architecture}, {manifest.Bits} bits, {bytes / 1e6:0.0} MB, dialect {manifest.Dialect}, licence {manifest.Licence}.");
            return ExitCode.Ok;
        }
        catch (ModelException fault)
        {
            return Faults.Print(ExitCode.Failed, fault.Message);
        }
        catch (OperationCanceledException)
        {
            return Faults.Print(ExitCode.Failed, "Stopped; nothing was left behind.");
        }
    }

    private static ModelManifest Convert(ConvertOptions options, string? calibrate, IAnsiConsole console, CancellationToken cancelled) => console.Progress()
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(progress =>
        {
            var task = progress.AddTask("opening");
            var report = new TaskProgress(task);
            options = calibrate is null ? options : options with { Calibration = Calibrator.Measure(options, calibrate, report, cancelled) };
            return ModelConverter.Convert(options, report, cancelled);
        });

    // Progress<T> would post to the thread pool and could report a step after the end.
    private sealed class TaskProgress(ProgressTask task) : IProgress<ConvertProgress>
    {
        public void Report(ConvertProgress value)
        {
            task.Description = Markup.Escape(value.Step);
            if (value.BytesTotal > 0)
            {
                task.MaxValue = value.BytesTotal;
                task.Value = value.BytesDone;
            }
        }
    }
}
