using Edge.Functions;
using Edge.Runtime.Commands;
using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Prompts;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting;

/// <summary>Puts house and model together.</summary>
internal static class EngineFactory
{
    /// <summary>Opens the house, which makes its outputs safe, then the model, and reads the catalogue into the model's cache.</summary>
    /// <exception cref="ModelException">The model cannot be used.</exception>
    /// <exception cref="Functions.Gpio.HardwareFault">A line cannot be had.</exception>
    /// <exception cref="Grammars.SchemaFault">A function's arguments cannot be enforced.</exception>
    public static Engine Create(EdgeSettings settings, string modelFolder, TimeProvider clock, ILoggerFactory logs)
    {
        // The house first: a process that was killed may have left a line on, and a model takes seconds to open.
        var house = House.Open(settings.House, clock, logs);
        LanguageModel? model = null;
        try
        {
            var folder = ModelFolder.Open(modelFolder);
            var template = ChatTemplates.Of(folder);
            var runner = new CallerRunner(house.Dispatcher, clock);

            // Threads of ONNX Runtime are made here, and take over where they may run.
            var pipeline = Cores.RunOn(settings.Options.Cores?.Model, () =>
            {
                model = LanguageModel.Open(folder, DecoderOf(settings.Options), clock);
                var opened = new CommandPipeline(model, template, house.Catalog, runner.Invoke, Limits(settings.Options, house), clock);
                opened.Warm();
                return opened;
            });
            runner.Words = pipeline;
            return new Engine(house, runner, $"{Path.GetFileName(modelFolder)}, {folder.Manifest.Bits} bits", model) { Objection = pipeline.Objection };
        }
        catch
        {
            house.Dispose();
            model?.Dispose();
            throw;
        }
    }

    /// <summary>Opens the house alone; brains at other boards do the understanding.</summary>
    /// <exception cref="Functions.Gpio.HardwareFault">A line cannot be had.</exception>
    public static Engine CreateHands(EdgeSettings settings, TimeProvider clock, ILoggerFactory logs) =>
        new(House.Open(settings.House, clock, logs), new HandsRunner(settings.Options.Mqtt.Id), HandsRunner.Model);

    /// <summary>As many threads as the model has cores, unless the settings say how many.</summary>
    internal static DecoderOptions DecoderOf(EdgeOptions options) => new()
    {
        Threads = options.Model.Threads > 0 ? options.Model.Threads : options.Cores?.ModelThreads ?? 0,
        ContextMax = options.Model.ContextMax,
    };

    private static PipelineOptions Limits(EdgeOptions options, House house) => new(options.Commands.RoundsMax, options.Model.TokensMax)
    {
        Offer = options.Model.OffersAllowedOnly ? house.Allowed : null,
    };
}
