using Edge.Functions.Devices;
using Edge.Functions.Safety;
using Microsoft.Extensions.Logging;

namespace Edge.Functions.Handlers;

/// <summary>
/// Brings outputs to their safe values without being told to: when what a device requires no longer holds, when the broker stays away,
/// when the model breaks, when the board gets hot. Runs on timers and on the threads that notice, never on the model's.
/// </summary>
public sealed class Safeguards : IDisposable
{
    /// <summary>The board must cool by this much before anything may move again.</summary>
    internal const double Cooling = 5;

    private readonly SafetyRules _rules;
    private readonly DeviceRegistry _registry;
    private readonly Recorder _recorder;
    private readonly ILogger _logger;
    private readonly ITimer _broker;
    private volatile bool _isTooHot;

    internal Safeguards(SafetyRules rules, DeviceRegistry registry, Recorder recorder, TimeProvider clock, ILogger logger)
    {
        _rules = rules;
        _registry = registry;
        _recorder = recorder;
        _logger = logger;
        _broker = clock.CreateTimer(_ => AllSafe("the broker is away"), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        registry.Changed += OnChanged;
    }

    /// <summary>The board is; the gate then lets nothing leave its safe value.</summary>
    public bool IsTooHot => _isTooHot;

    /// <summary>To be told whenever the broker goes or comes; what follows is the owner's choice (safety.onBrokerLost).</summary>
    public void BrokerIs(bool connected)
    {
        if (_rules.BrokerLost == TroubleResponse.Safe)
        {
            _broker.Change(connected ? Timeout.InfiniteTimeSpan : _rules.BrokerLostAfter, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>To be told when the model or its grammar broke (safety.onModelFault).</summary>
    public void ModelFailed()
    {
        if (_rules.ModelFault == TroubleResponse.Safe)
        {
            AllSafe("the model broke");
        }
    }

    /// <summary>To be told now and then.</summary>
    /// <param name="celsius">Of the board's processor.</param>
    public void BoardIs(double celsius)
    {
        if (!_isTooHot && celsius >= _rules.TemperatureMax)
        {
            _isTooHot = true;
            AllSafe($"the board has {celsius:0.#} °C");
        }
        else if (celsius <= _rules.TemperatureMax - Cooling)
        {
            _isTooHot = false;
        }
    }

    /// <summary>Every output to its safe value, now, whatever is under way.</summary>
    public void AllSafe(string why)
    {
        HandlersLog.Safe(_logger, "Every output", why);
        foreach (var fault in _registry.GoSafe())
        {
            HandlersLog.NotSafe(_logger, "An output", fault.Message);
        }

        _recorder.Safe("all", $"Every output went to its safe value: {why}.");
    }

    public void Dispose()
    {
        _registry.Changed -= OnChanged;
        _broker.Dispose();
    }

    /// <summary>A valve that closed by itself stops its pump.</summary>
    private void OnChanged(Device changed, DeviceState state)
    {
        foreach (var device in _registry.Devices)
        {
            if (device.Declaration.Rules.Requires.Any(r => string.Equals(r.Device, changed.Name, StringComparison.OrdinalIgnoreCase) && r.State != state.Word)
                && ActionEffect.IsActive(device.Declaration, device.State))
            {
                Stop(device, $"{changed.Name} is {state.Word}");
            }
        }
    }

    private void Stop(Device device, string why)
    {
        HandlersLog.Safe(_logger, device.Name, why);
        try
        {
            device.GoSafe();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            HandlersLog.NotSafe(_logger, device.Name, e.Message);
        }

        _recorder.Safe(device.Name, $"It went to its safe value: {why}.");
    }
}
