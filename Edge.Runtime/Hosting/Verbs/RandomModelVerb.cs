using System.CommandLine;
using System.Text.Json.Nodes;
using Edge.Runtime.Models;
using Edge.Runtime.Models.RandomModels;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge random-model</c>: a Hugging Face folder of a model's true shape with random weights.</summary>
internal static class RandomModelVerb
{
    public static System.CommandLine.Command Create()
    {
        var name = new Argument<string>("NAME") { Description = $"One of {string.Join(", ", KnownModels.All.Select(m => m.Name))}." };
        var output = new Argument<string>("OUT") { Description = "The folder to make." };
        var layers = new Option<int?>("--layers") { Description = "Fewer or more layers than the model has." };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same weights." };
        var tokenizer = new Option<string?>("--tokenizer") { Description = "A tokenizer.json or tokenizer.model to take over; a stand-in of bytes when not given." };
        var verb = new System.CommandLine.Command("random-model", "Write a Hugging Face folder of a known model's shape with random weights, to measure with.") { name, output, layers, seed, tokenizer };
        verb.SetAction((parsed, cancelled) => Task.FromResult(Run(
            parsed.GetValue(name)!, parsed.GetValue(output)!, parsed.GetValue(layers), parsed.GetValue(seed), parsed.GetValue(tokenizer), cancelled)));
        return verb;
    }

    private static int Run(string name, string output, int? layers, int seed, string? tokenizer, CancellationToken cancelled)
    {
        if (KnownModels.Find(name) is not { } known)
        {
            return Faults.Print(ExitCode.Failed, $"{name} is no model that Edge knows; use one of {string.Join(", ", KnownModels.All.Select(m => m.Name))}.");
        }

        var config = JsonNode.Parse(known.Config)!.AsObject();
        if (layers is { } count)
        {
            config["num_hidden_layers"] = JsonValue.Create(count);
        }

        try
        {
            RandomModel.Write(config.ToJsonString(), output, seed, tokenizer, Dialect.Find(known.Template), cancelled);
            Console.WriteLine($"{output}: {known.Name} with random weights, seed {seed}.");
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
