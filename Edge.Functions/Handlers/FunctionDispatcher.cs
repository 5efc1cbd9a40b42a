using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Safety;
using Microsoft.Extensions.Logging;

namespace Edge.Functions.Handlers;

/// <summary>
/// Every call of the house, whoever makes it: bind, judge, do, read back. One dispatcher a house. Thread-safe: judging and moving
/// happen one call at a time, reads and messages beside them, so that a sensor that hangs holds up nobody.
/// </summary>
public sealed class FunctionDispatcher
{
    private readonly CallBinder _binder;
    private readonly SafetyPolicy _policy;
    private readonly DeviceRegistry _registry;
    private readonly ActionHandler _handler;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    /// <param name="publishDeadline">How long the broker may take to accept a message.</param>
    public FunctionDispatcher(CallBinder binder, SafetyPolicy policy, DeviceRegistry registry, TimeSpan publishDeadline, TimeProvider clock, ILogger<FunctionDispatcher> logger)
    {
        _binder = binder;
        _policy = policy;
        _registry = registry;
        _handler = new ActionHandler(registry, publishDeadline, clock);
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Sends the messages of functions that publish; null while no broker is there.</summary>
    public IMessagePublisher? Publisher
    {
        get => _handler.Publisher;
        set => _handler.Publisher = value;
    }

    /// <summary>
    /// Does what was said, if it may be done. Blocks until it is done: at most the read deadline for each sensor and the publish deadline
    /// for each message. Moves that take time (covers, beeps, pulses) are started and go on by themselves.
    /// </summary>
    /// <exception cref="OperationCanceledException">While waiting for a sensor or the broker.</exception>
    public FunctionResult Invoke(FunctionCall call, CancellationToken cancellationToken = default)
    {
        var result = _binder.Bind(call) switch
        {
            Binding.Bound bound => Run(bound.Call, cancellationToken),
            Binding.Refused refused => new FunctionResult.Denied(call.Name, refused.Denial),
            _ => throw new InvalidOperationException("A binding is bound or refused."),
        };
        Log(call, result);
        return result;
    }

    /// <summary>Does one thing to one device, for a hub's switches and an owner's rules: the same gate, without a function's name.</summary>
    /// <exception cref="OperationCanceledException">While waiting for a sensor.</exception>
    public FunctionResult Invoke(DeviceAction action, CancellationToken cancellationToken = default)
    {
        var call = BoundCall.Direct(action);
        var result = Run(call, cancellationToken);
        Log(new FunctionCall(call.Name, default), result);
        return result;
    }

    private FunctionResult Run(BoundCall call, CancellationToken cancellationToken)
    {
        var outcomes = new Outcomes(call);
        lock (_gate)
        {
            switch (_policy.Check(call, _clock.GetUtcNow(), _registry.Snapshot()))
            {
                case Verdict.Denied denied:
                    return new FunctionResult.Denied(call.Name, denied.Denial);
                case Verdict.NeedsConfirmation asks:
                    return new FunctionResult.Denied(call.Name, new Denial("needs-confirmation", asks.Question));
                case Verdict.Allowed allowed:
                    outcomes.Permit = allowed.Call;
                    Each(outcomes, a => a is DeviceAction { Moves: true }, cancellationToken);
                    break;
            }
        }

        // Nothing a read gives flows into a move of the same call, so that all moves come first, while nobody else may move.
        Each(outcomes, a => a is not DeviceAction { Moves: true }, cancellationToken);
        return outcomes.ToResult();
    }

    private void Each(Outcomes outcomes, Predicate<HouseAction> chosen, CancellationToken cancellationToken)
    {
        for (int i = 0; i < outcomes.Call.Actions.Count && !outcomes.IsStopped; i++)
        {
            var action = outcomes.Call.Actions[i];
            if (!chosen(action))
            {
                continue;
            }

            try
            {
                if (action is DeviceAction onDevice)
                {
                    outcomes.Done(i, _handler.Do(onDevice, outcomes.Permit!, cancellationToken));
                }
                else
                {
                    _handler.Publish((PublishAction)action, cancellationToken);
                }
            }
            catch (HardwareFault e)
            {
                outcomes.Failed(e.Message);
            }
        }
    }

    private void Log(FunctionCall call, FunctionResult result)
    {
        if (!_logger.IsEnabled(LogLevel.Error))
        {
            return;
        }

        string arguments = call.Arguments.ValueKind == System.Text.Json.JsonValueKind.Undefined ? "" : call.Arguments.GetRawText();
        arguments = arguments.Length <= 200 ? arguments : arguments[..200] + "…";
        switch (result)
        {
            case FunctionResult.Done done:
                HandlersLog.Done(_logger, call.Name, arguments, done.Said);
                break;
            case FunctionResult.Denied denied:
                HandlersLog.Denied(_logger, call.Name, arguments, denied.Denial.Code, denied.Denial.Message);
                break;
            case FunctionResult.Failed failed:
                HandlersLog.Failed(_logger, call.Name, arguments, failed.Error);
                break;
        }
    }
}
