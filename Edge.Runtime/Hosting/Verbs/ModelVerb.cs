using System.CommandLine;
using System.Globalization;
using Edge.Runtime.Models;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge model</c>: what is installed, what fits this board, what can be had.</summary>
internal static class ModelVerb
{
    /// <summary>Tokens of context that "fits" is said for.</summary>
    private const int UsualContext = 2048;

    public static System.CommandLine.Command Create() => new("model", "List, inspect, verify and add models.") { CreateList(), CreateInfo(), CreateVerify(), CreateAdd() };

    private static Option<string> Folder() => new("--models") { Description = "The folder of model folders.", DefaultValueFactory = _ => "models" };

    private static System.CommandLine.Command CreateList()
    {
        var folder = Folder();
        var verb = new System.CommandLine.Command("list", "What is installed, what fits this board's memory, and what can be had.") { folder };
        verb.SetAction(parsed =>
        {
            long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            var installed = InstalledModels.In(parsed.GetValue(folder)!).ToList();
            Console.WriteLine($"Installed in {parsed.GetValue(folder)} (this board has {Size(memory)} of memory):");
            installed.ForEach(m => Console.WriteLine("  " + Line(m, memory)));
            Console.WriteLine("To be had (download the repository with your hub's client, then `edge convert FOLDER OUT`):");
            foreach (var known in KnownModels.All.Where(k => installed.All(i => i.Name != k.Name)))
            {
                long needs = ModelMemory.Bytes(known.Bytes, ModelMemory.CacheBytesPerToken(known.Shape) * UsualContext);
                Console.WriteLine($"  {known.Name,-20} {known.Repository,-44} {Size(known.Bytes),9}, {(needs < memory ? "fits" : "does not fit")}, dialect {known.Template}, licence {known.Licence}");
            }

            return ExitCode.Ok;
        });
        return verb;
    }

    private static System.CommandLine.Command CreateInfo()
    {
        var (folder, name) = (Folder(), Name());
        var verb = new System.CommandLine.Command("info", "What a model is, and what it needs.") { name, folder };
        verb.SetAction(parsed => Try(() =>
        {
            var model = Open(parsed.GetValue(folder)!, parsed.GetValue(name)!);
            var (manifest, config) = (model.Folder!.Manifest, model.Folder.Config);
            Console.WriteLine($"{model.Folder.FullName}");
            Console.WriteLine($"  architecture {manifest.Architecture}, {config.Layers} layers, hidden {config.Hidden}, heads {config.Heads}/{config.KvHeads} of {config.HeadDim}");
            Console.WriteLine($"  vocabulary   {config.Vocabulary}, of which the tokenizer names {model.Folder.Tokenizer.Vocabulary.Count}");
            Console.WriteLine($"  weights      {manifest.Bits} bits{(manifest.Block > 0 ? $" in blocks of {manifest.Block}" : "")}, {Size(model.FileBytes)}");
            Console.WriteLine($"  context      {manifest.ContextLength} tokens at {model.CacheBytesPerToken} bytes each");
            Console.WriteLine($"  memory       about {Size(model.MemoryBytes(Math.Min(UsualContext, manifest.ContextLength)))} at {Math.Min(UsualContext, manifest.ContextLength)} tokens");
            Console.WriteLine($"  dialect      {model.Folder.Dialect.Name}: calls as {model.Folder.Dialect.Calls}");
            Console.WriteLine($"  licence      {manifest.Licence}");
            Console.WriteLine($"  made by      {manifest.Tool}{(manifest.Sources.Count > 0 ? $" from {string.Join(", ", manifest.Sources.Select(s => s.File))}" : "")}");
        }));
        return verb;
    }

    private static System.CommandLine.Command CreateVerify()
    {
        var (folder, name) = (Folder(), Name());
        var verb = new System.CommandLine.Command("verify", "Compare every file with the manifest's hashes.") { name, folder };
        verb.SetAction((parsed, cancelled) => Task.FromResult(Try(() =>
        {
            var model = Open(parsed.GetValue(folder)!, parsed.GetValue(name)!);
            model.Folder!.Verify(cancelled);
            Console.WriteLine($"{model.Folder.FullName}: {model.Folder.Manifest.Files.Count} files are as listed.");
        })));
        return verb;
    }

    private static System.CommandLine.Command CreateAdd()
    {
        var (folder, name) = (Folder(), Name());
        var from = new Option<string>("--from") { Description = "A converted or ready-made (genai_config.json) folder to copy, or a Hugging Face folder to convert at 4 bits.", Required = true };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the model if it exists." };
        var verb = new System.CommandLine.Command("add", "Take a model over from another folder.") { name, from, folder, overwrite };
        verb.SetAction((parsed, cancelled) => Task.FromResult(Try(() =>
        {
            string source = parsed.GetValue(from)!;
            string plain = parsed.GetValue(name)!;
            if (plain != Path.GetFileName(plain) || plain is "" or "." or "..")
            {
                throw new ModelException($"{plain} is not the name of a folder; use letters, digits, dots and hyphens.");
            }

            string output = Path.Combine(parsed.GetValue(folder)!, plain);
            if (ModelFolder.IsAt(source))
            {
                ModelCopy.Run(source, output, parsed.GetValue(overwrite), KnownModels.Find(plain)?.Licence, cancelled);
            }
            else
            {
                ModelConverter.Convert(new ConvertOptions(source, output) { Overwrite = parsed.GetValue(overwrite), Licence = KnownModels.Find(plain)?.Licence }, null, cancelled);
            }

            Console.WriteLine($"{output}: added.");
        })));
        return verb;
    }

    private static Argument<string> Name() => new("NAME") { Description = "A folder in --models, or a path." };

    private static InstalledModel Open(string folder, string name)
    {
        string inside = Path.Combine(folder, name);
        string path = Directory.Exists(inside) ? inside : name;
        return new InstalledModel(Path.GetFileName(path), ModelFolder.Open(path), null);
    }

    private static string Line(InstalledModel model, long memory) => model.Folder is { } folder
        ? $"{model.Name,-20} {folder.Manifest.Architecture}, {folder.Manifest.Bits} bits, {Size(model.FileBytes)}, context {folder.Manifest.ContextLength}, dialect {folder.Dialect.Name}, licence {folder.Manifest.Licence}, "
            + (model.MemoryBytes(Math.Min(UsualContext, folder.Manifest.ContextLength)) < memory ? "fits" : "does not fit")
        : $"{model.Name,-20} {model.Fault}";

    private static string Size(long bytes) => bytes < 1e9
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB");

    private static int Try(Action action)
    {
        try
        {
            action();
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
}
