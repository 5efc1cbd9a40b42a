using System.Device.Gpio;
using Edge.Functions.Audit;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;
using Edge.Functions.Devices.Boards;
using Edge.Functions.Devices.Remote;
using Edge.Functions.Gpio;
using Edge.Functions.Handlers;
using Edge.Functions.Safety;
using Edge.Functions.Sensors;
using Microsoft.Extensions.Logging;

namespace Edge.Functions;

/// <summary>
/// The house with its hardware open: what there is, what may be called, and the one way to call it. Every output stands at its safe
/// value when it opens, on <see cref="GoSafe"/>, and when it is disposed.
/// </summary>
public sealed class House : IDisposable
{
    private readonly Hardware _hardware;
    private readonly HouseSettings _settings;
    private readonly TimeProvider _clock;
    private readonly AuditLog? _audit;
    private readonly ILogger _logger;
    private readonly Lock _boards = new();

    private House(HouseSettings settings, Hardware hardware, DeviceRegistry registry, AuditLog? audit, TimeProvider clock, ILoggerFactory loggers)
    {
        _settings = settings;
        _hardware = hardware;
        _clock = clock;
        _logger = loggers.CreateLogger<House>();
        Registry = registry;
        Simulated = new SimulatedParts(registry, hardware.Gpio);
        Displays = new HouseDisplays(settings.Displays, hardware.Displays, registry, clock, _logger);
        Catalog = new FunctionCatalog(settings.Functions);
        _audit = audit;
        var recorder = new Recorder(audit, settings.Audit.RefusesUnlogged);
        Safeguards = new Safeguards(settings.Safety, registry, recorder, clock, _logger);
        var policy = new SafetyPolicy(settings.Safety, settings.Devices);
        var gate = new Gate(policy, registry, Safeguards, clock);
        Allowed = new AllowedOffer(Catalog, policy, registry, hardware.Remote, Safeguards, clock);
        Dispatcher = new FunctionDispatcher(
            new CallBinder(Catalog),
            gate,
            new Confirmations(settings.Safety, clock),
            recorder,
            new ActionHandler(registry, settings.PublishDeadline, clock),
            clock,
            loggers.CreateLogger<FunctionDispatcher>());
        Notices = [.. NameWarnings.Of(settings.Devices), .. hardware.Gpio.IsSimulated ? [] : ResetPull.Warnings(settings.Devices)];
    }

    public DeviceRegistry Registry { get; }

    public FunctionCatalog Catalog { get; }

    /// <summary>The catalogue without what is not allowed or cannot be reached now; one thread at a time.</summary>
    public ICatalogOffer Allowed { get; }

    public FunctionDispatcher Dispatcher { get; }

    /// <summary>What brings outputs to their safe values unasked; broker and model report their troubles to it.</summary>
    public Safeguards Safeguards { get; }

    /// <summary>Carries the messages of devices that live behind MQTT; the gateway attaches itself here.</summary>
    public RemoteBus Remote => _hardware.Remote;

    /// <summary>Sets the simulated sensors and inputs.</summary>
    public SimulatedParts Simulated { get; }

    /// <summary>What shows the last reply and the states as text.</summary>
    public HouseDisplays Displays { get; }

    /// <summary>Where the kernel shows its devices.</summary>
    public string SysfsRoot => _settings.SysfsRoot;

    /// <summary>No hardware is moved.</summary>
    public bool IsSimulated => _hardware.Gpio.IsSimulated;

    /// <summary>The label of the default chip.</summary>
    public string Chip => _hardware.Gpio.Default.Label;

    /// <summary>The simulated lines of the default chip; null on hardware.</summary>
    public SimulatedGpioDriver? Simulation => _hardware.Gpio.Default.Simulation;

    /// <summary>What the owner should look at: a sentence each.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>A device's state became another one. Raised on the thread that noticed; do not block it.</summary>
    public event Action<Device, DeviceState>? StateChanged
    {
        add => Registry.Changed += value;
        remove => Registry.Changed -= value;
    }

    /// <param name="chips">The machine's chips; null asks libgpiod.</param>
    /// <exception cref="HardwareFault">A chip, line or PWM output, or the audit log cannot be had. What was opened is safe and closed again; the start must end.</exception>
    public static House Open(HouseSettings settings, TimeProvider clock, ILoggerFactory loggers, Func<IReadOnlyList<GpioChipInfo>>? chips = null)
    {
        return Open(settings, Hardware.Open(settings, clock, chips), clock, loggers);
    }

    /// <param name="hardware">Taken over.</param>
    internal static House Open(HouseSettings settings, Hardware hardware, TimeProvider clock, ILoggerFactory loggers)
    {
        var registry = new DeviceRegistry();
        AuditLog? audit = null;
        try
        {
            if (OutputsFirst.Open(settings.Devices, hardware.Opener, registry) is { Count: > 0 } faults)
            {
                throw new HardwareFault(string.Join('\n', faults));
            }

            registry.Arrange(settings.Devices);
            audit = OpenAudit(settings, hardware.Gpio.IsSimulated, clock);
            var house = new House(settings, hardware, registry, audit, clock, loggers);
            house.LogOpened();
            return house;
        }
        catch
        {
            audit?.Dispose();
            registry.Dispose();
            hardware.Dispose();
            throw;
        }
    }

    /// <summary>Makes every output of the settings safe and gives it back; for the moment after a crash.</summary>
    /// <returns>How many outputs are safe, and one sentence for each that is not.</returns>
    /// <exception cref="HardwareFault">The default chip cannot be had.</exception>
    public static (int Safe, IReadOnlyList<string> Faults) MakeSafe(HouseSettings settings, TimeProvider clock, Func<IReadOnlyList<GpioChipInfo>>? chips = null) =>
        OutputsFirst.MakeSafe(settings, clock, chips);

    /// <summary>Measures the sensors now and then, so that <see cref="StateChanged"/> tells of them too. Runs until cancelled.</summary>
    public async Task WatchSensorsAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_settings.PollInterval, _clock);
        do
        {
            await Task.Run(() => ReadSensors(cancellationToken), cancellationToken).ConfigureAwait(false);
            if (BoardTemperature.Read(_settings.SysfsRoot) is { } celsius)
            {
                Safeguards.BoardIs(celsius);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Every output to its safe value, now, whatever is under way.</summary>
    public void GoSafe() => Safeguards.AllSafe("the service stops");

    public void Dispose()
    {
        Safeguards.Dispose();
        Registry.Dispose();
        Displays.Dispose();
        _hardware.Dispose();
        _audit?.Dispose();
    }

    /// <summary>Takes the devices of another board in, in place of those it had before; what may be called follows.</summary>
    /// <param name="board">Its id.</param>
    /// <param name="devices">None when it has left. Their names are nobody else's here.</param>
    public void SetBoard(string board, IReadOnlyList<BoardDevice> devices)
    {
        lock (_boards)
        {
            var earlier = Registry.Devices.Where(d => d.Declaration.Board == board).ToList();
            Registry.Remove(earlier);
            foreach (var device in devices)
            {
                Registry.Add(device);
            }

            Catalog.Replace(FunctionsWith(board, devices.Select(d => d.Declaration)));
            earlier.ForEach(d => d.Dispose());
        }
    }

    /// <summary>What could be called if a board had these devices.</summary>
    public IReadOnlyList<CatalogFunction> FunctionsWith(string board, IEnumerable<DeviceDeclaration> devices)
    {
        var all = Registry.Devices.Select(d => d.Declaration).Where(d => d.Board != board).Concat(devices).ToList();
        return [.. DerivedFunctions.Of(all), .. _settings.OwnersFunctions];
    }

    private static AuditLog? OpenAudit(HouseSettings settings, bool isSimulated, TimeProvider clock)
    {
        try
        {
            return settings.Audit.FolderFor(isSimulated) is { } folder ? AuditLog.Open(folder, settings.Audit, clock) : null;
        }
        catch (IOException e)
        {
            throw new HardwareFault(e.Message, e);
        }
    }

    private void ReadSensors(CancellationToken cancellationToken)
    {
        foreach (var device in Registry.Devices.Where(d => d.Declaration.Can(DeviceSkills.Measure) && d.Declaration.Board is null))
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
