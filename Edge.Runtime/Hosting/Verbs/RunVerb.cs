using System.CommandLine;
using Edge.Runtime.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge run</c>: the service.</summary>
internal static class RunVerb
{
    public static System.CommandLine.Command Create()
    {
        var config = CommonOptions.Config();
        var model = CommonOptions.Model();
        var verb = new System.CommandLine.Command("run", "Serve the house: take commands from the broker until stopped.") { config, model };
        verb.SetAction((parsed, _) => RunAsync(parsed.GetValue(config), parsed.GetValue(model)));
        return verb;
    }

    private static async Task<int> RunAsync(string? config, string? model)
    {
        var settings = EdgeSettings.Load(config);
        string? folder = ModelLocation.Find(model, settings.Options.Model.Folder, out string missing);
        if (settings.Faults.Count > 0 || folder is null)
        {
            return Faults.WrongSetting([.. settings.Faults.Select(f => f.Message), .. folder is null ? [missing] : Array.Empty<string>()]);
        }

        using var host = BuildHost(settings, folder);
        try
        {
            var engine = host.Services.GetRequiredService<Engine>();
            await host.StartAsync();
            var service = host.Services.GetRequiredService<EdgeService>();
            foreach (string line in Banner.Lines(settings, engine, service.IsReachable))
            {
                Console.WriteLine(line);
            }

            await host.WaitForShutdownAsync();
            return ExitCode.Ok;
        }
        catch (BrokerException fault)
        {
            return Faults.Print(ExitCode.NoBroker, fault.Message);
        }
    }

    // Empty: no environment variables, no appsettings.json and no host arguments can change what edge.yaml says.
    private static IHost BuildHost(EdgeSettings settings, string modelFolder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(settings.Options.LogLevel);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.AddSystemd();
        builder.Services.AddSingleton(services => EngineFactory.Create(settings, modelFolder, TimeProvider.System, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(services => new EdgeService(
            settings.Options, services.GetRequiredService<Engine>(), TimeProvider.System, new Random(), services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<EdgeService>());
        return builder.Build();
    }
}
