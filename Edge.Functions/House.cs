using System.Device.Gpio;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Handlers;
using Edge.Functions.Pwm;
using Edge.Functions.Safety;
using Microsoft.Extensions.Logging;

namespace Edge.Functions;

/// <summary>
/// The house with its hardware open: what there is, what may be called, and the one way to call it. Every output stands at its safe
/// value when it opens, on <see cref="GoSafe"/>, and when it is disposed.
/// </summary>
public sealed class House : IDisposable
{
    private readonly GpioBoard _gpio;
    private readonly HouseSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    private House(HouseSettings settings, GpioBoard gpio, DeviceRegistry registry, TimeProvider clock, ILoggerFactory loggers)
    {
        _settings = settings;
        _gpio = gpio;
        _clock = clock;
        _logger = loggers.CreateLogger<House>();
        Registry = registry;
        Catalog = new FunctionCatalog(settings.Functions);
        Dispatcher = new FunctionDispatcher(new CallBinder(Catalog), new SafetyPolicy(), registry, settings.PublishDeadline, clock, loggers.CreateLogger<FunctionDispatcher>());
        Notices = gpio.IsSimulated ? [] : [.. ResetPull.Warnings(settings.Devices)];
    }

    public DeviceRegistry Registry { get; }

    public FunctionCatalog Catalog { get; }

    public FunctionDispatcher Dispatcher { get; }

    /// <summary>No hardware is moved.</summary>
    public bool IsSimulated => _gpio.IsSimulated;

    /// <summary>The label of the default chip.</summary>
    public string Chip => _gpio.Default.Label;

    /// <summary>The simulated lines of the default chip; null on hardware.</summary>
    public SimulatedGpioDriver? Simulation => _gpio.Default.Simulation;

    /// <summary>What the owner should look at: a sentence each.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>A device's state became another one. Raised on the thread that noticed; do not block it.</summary>
    public event Action<Device, DeviceState>? StateChanged
    {
        add => Registry.Changed += value;
        remove => Registry.Changed -= value;
    }

    /// <param name="chips">The machine's chips; null asks libgpiod.</param>
    /// <exception cref="HardwareFault">A chip, line or PWM output cannot be had. What was opened is safe and closed again; the start must end.</exception>
    public static House Open(HouseSettings settings, TimeProvider clock, ILoggerFactory loggers, Func<IReadOnlyList<GpioChipInfo>>? chips = null)
    {
        var gpio = GpioBoard.Open(settings.Gpio, chips ?? ChipFinder.Available);
        var registry = new DeviceRegistry();
        try
        {
            var pwm = gpio.IsSimulated ? PwmBoard.Simulated() : PwmBoard.Kernel(settings.SysfsRoot);
            var opener = new DeviceOpener(gpio, pwm, settings.SysfsRoot, settings.ReadDeadline, clock);
            foreach (var declaration in settings.Devices)
            {
                registry.Add(Open(opener, declaration));
            }

            var house = new House(settings, gpio, registry, clock, loggers);
            house.LogOpened();
            return house;
        }
        catch
        {
            registry.Dispose();
            gpio.Dispose();
            throw;
        }
    }

    /// <summary>Measures the sensors now and then, so that <see cref="StateChanged"/> tells of them too. Runs until cancelled.</summary>
    public async Task WatchSensorsAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_settings.PollInterval, _clock);
        do
        {
            await Task.Run(() => ReadSensors(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Every output to its safe value, now, whatever is under way.</summary>
    public void GoSafe()
    {
        foreach (var fault in Registry.GoSafe())
        {
            HandlersLog.NotSafe(_logger, "An output", fault.Message);
        }
    }

    public void Dispose()
    {
        Registry.Dispose();
        _gpio.Dispose();
    }

    private static Device Open(DeviceOpener opener, DeviceDeclaration declaration)
    {
        try
        {
            return opener.Open(declaration);
        }
        catch (HardwareFault e)
        {
            throw new HardwareFault($"{e.Message.TrimEnd('.')} ({declaration.Place}).", e);
        }
    }

    private void ReadSensors(CancellationToken cancellationToken)
    {
        foreach (var device in Registry.Devices.Where(d => d.Declaration.Can(DeviceSkills.Measure)))
        {
            try
            {
                device.Read(cancellationToken);
            }
            catch (HardwareFault e)
            {
                HandlersLog.NoReading(_logger, e.Message);
            }
        }
    }

    private void LogOpened()
    {
        HandlersLog.Opened(_logger, Registry.Devices.Count, Chip);
        foreach (string notice in Notices)
        {
            HandlersLog.Notice(_logger, notice);
        }
    }
}
