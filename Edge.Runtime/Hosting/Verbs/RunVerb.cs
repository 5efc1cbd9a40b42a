using System.CommandLine;
using Edge.Runtime.Hosting.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge run</c>: the service.</summary>
internal static class RunVerb
{
    public static System.CommandLine.Command Create()
    {
        var config = CommonOptions.Config();
        var model = CommonOptions.Model();
        var simulate = CommonOptions.Simulate();
        var verb = new System.CommandLine.Command("run", "Serve the house: take commands from the broker until stopped.") { config, model, simulate };
        verb.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config), parsed.GetValue(model), parsed.GetValue(simulate), stop));
        return verb;
    }

    private const int LogLinesMax = 6;

    private static async Task<int> RunAsync(string? config, string? model, bool simulate, CancellationToken stop)
    {
        if (StartUp.Prepare(config, model, simulate, isHandsAllowed: true) is not var (settings, folder))
        {
            return ExitCode.WrongSetting;
        }

        settings.Options.Cores?.MoveProcess();
        bool isLive = simulate && !Console.IsOutputRedirected && !Console.IsInputRedirected;
        using var tail = new LogTail(LogLinesMax, settings.Options.LogLevel, TimeProvider.System);
        using var host = BuildHost(settings, folder, isLive ? tail : null);
        try
        {
            await host.StartAsync(stop);
            var service = host.Services.GetRequiredService<EdgeService>();
            foreach (string line in Banner.Lines(settings, service.Engine, service.IsReachable))
            {
                Console.WriteLine(line);
            }

            if (isLive)
            {
                var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, stopping);
                var view = new SimulationView(service.Engine.House, TimeProvider.System, AnsiConsole.Console, tail);
                await view.RunAsync(() => Console.KeyAvailable ? Console.ReadKey(intercept: true) : null, either.Token);
                if (view.IsLeft)
                {
                    await host.StopAsync(CancellationToken.None);
                    return ExitCode.Ok;
                }
            }

            await host.WaitForShutdownAsync(stop);
            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while starting: what was opened is closed in the same order.
            await host.StopAsync(CancellationToken.None);
            return ExitCode.Ok;
        }
        catch (Exception fault) when (StartUp.IsKnown(fault))
        {
            return StartUp.Tell(fault);
        }
    }

    // Empty: no environment variables, no appsettings.json and no host arguments can change what edge.yaml says.
    private static IHost BuildHost(EdgeSettings settings, string modelFolder, LogTail? tail)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(settings.Options.LogLevel);

        // A start that fails is told in one line below, not also with a stack trace.
        builder.Logging.AddFilter("Microsoft", LogLevel.None);
        if (tail is not null)
        {
            builder.Logging.AddProvider(tail);
        }
        else if (JournalStream.IsStandardError() && JournalSocket.Open(JournalSocket.Usual) is { } journal)
        {
            builder.Logging.AddProvider(new JournalLog(journal));
        }
        else
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            });
        }

        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        var notifier = new SystemdNotifier();
        if (notifier.IsEnabled)
        {
            // Not AddSystemd(): it looks for its parent's name in /proc, where the unit's ProtectProc=invisible shows none, and then never says ready.
            builder.Services.AddSingleton<ISystemdNotifier>(notifier);
            builder.Services.AddSingleton<IHostLifetime, SystemdLifetime>();
        }

        if (Environment.GetEnvironmentVariable(JournalStream.Variable) is not null)
        {
            // To a journal that takes lines only: each begins with its priority, <3> to <7>, which journalctl -p filters by, and has no time of its own. Source: systemd.exec(5).
            builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.FormatterName = Microsoft.Extensions.Logging.Console.ConsoleFormatterNames.Systemd);
        }

        builder.Services.AddSingleton(services =>
        {
            var logs = services.GetRequiredService<ILoggerFactory>();
            var engine = settings.Options.Boards.IsBrain ? EngineFactory.Create(settings, modelFolder, TimeProvider.System, logs) : EngineFactory.CreateHands(settings, TimeProvider.System, logs);
            return new EdgeService(settings.Options, engine, TimeProvider.System, new Random(), logs, Supervisor.FromEnvironment());
        });
        builder.Services.AddHostedService(services => services.GetRequiredService<EdgeService>());
        return builder.Build();
    }
}
