using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Devices.Boards;
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
    private readonly Gate _judge;
    private readonly Confirmations _confirmations;
    private readonly Recorder _recorder;
    private readonly ActionHandler _handler;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    internal FunctionDispatcher(CallBinder binder, Gate judge, Confirmations confirmations, Recorder recorder, ActionHandler handler, TimeProvider clock, ILogger logger)
    {
        _binder = binder;
        _judge = judge;
        _confirmations = confirmations;
        _recorder = recorder;
        _handler = handler;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Sends the messages of functions that publish; null while no broker is there.</summary>
    public IMessagePublisher? Publisher
    {
        get => _handler.Publisher;
        set => _handler.Publisher = value;
    }

    /// <summary>As <see cref="Invoke(FunctionCall, Caller, string?, CancellationToken)"/>, by nobody in particular.</summary>
    public FunctionResult Invoke(FunctionCall call, CancellationToken cancellationToken = default) => Invoke(call, Caller.Local, null, cancellationToken);

    /// <summary>
    /// Does what was said, if it may be done. Blocks until it is done: at most the read deadline for each sensor and the publish deadline
    /// for each message. Moves that take time (covers, beeps, pulses) are started and go on by themselves.
    /// </summary>
    /// <param name="caller">Who wants it; a question goes to him, and only he can answer it.</param>
    /// <param name="token">What came of the question before, or the PIN; from the caller's own message, never from a model. Null for none.</param>
    /// <exception cref="OperationCanceledException">While waiting for a sensor or the broker.</exception>
    public FunctionResult Invoke(FunctionCall call, Caller caller, string? token, CancellationToken cancellationToken = default)
    {
        long start = _clock.GetTimestamp();
        var result = _binder.Bind(call) switch
        {
            Binding.Bound bound => Run(call, bound.Call, caller, token, isConfirmed: false, cancellationToken),
            Binding.Refused refused => new FunctionResult.Denied(call.Name, refused.Denial),
            _ => throw new InvalidOperationException("A binding is bound or refused."),
        };
        return Keep(caller, call, start, result);
    }

    /// <summary>Does one thing to one device, for a hub's switches and an owner's rules: the same gate, without a function's name.</summary>
    /// <param name="token">The PIN, where the device asks for one.</param>
    /// <exception cref="OperationCanceledException">While waiting for a sensor.</exception>
    /// <param name="isDirect">False where a model understood a sentence, at another board.</param>
    public FunctionResult Invoke(DeviceAction action, Caller caller, string? token, bool isDirect, CancellationToken cancellationToken)
    {
        long start = _clock.GetTimestamp();
        var bound = BoundCall.Direct(action, isDirect);
        var call = new FunctionCall(bound.Name, default);
        return Keep(caller, call, start, Run(call, bound, caller, token, isConfirmed: false, cancellationToken));
    }

    /// <inheritdoc cref="Invoke(DeviceAction, Caller, string?, bool, CancellationToken)"/>
    public FunctionResult Invoke(DeviceAction action, Caller caller, string? token, CancellationToken cancellationToken = default) =>
        Invoke(action, caller, token, isDirect: true, cancellationToken);

    /// <inheritdoc cref="Invoke(DeviceAction, Caller, string?, bool, CancellationToken)"/>
    public FunctionResult Invoke(DeviceAction action, CancellationToken cancellationToken = default) => Invoke(action, Caller.Local, null, cancellationToken);

    /// <summary>
    /// Whether a caller's words answer what he was asked: yes, no, the token, the PIN. To be asked before a model sees them. A call that
    /// is confirmed is judged again, by how the house stands now.
    /// </summary>
    /// <returns>What came of the call; null where the words are a command of their own.</returns>
    /// <exception cref="OperationCanceledException">While waiting for a sensor or the broker.</exception>
    public FunctionResult? Answer(string text, Caller caller, CancellationToken cancellationToken = default)
    {
        long start = _clock.GetTimestamp();
        switch (_confirmations.Hear(caller, text))
        {
            case Safety.Answer.Yes yes:
                var call = new FunctionCall(yes.Call.Name, yes.Call.ToJson());
                return Keep(caller, call, start, Run(call, yes.Call, caller, null, isConfirmed: true, cancellationToken));
            case Safety.Answer.No no:
                return Keep(caller, new FunctionCall(no.Call.Name, default), start, new FunctionResult.Denied(no.Call.Name, no.Denial));
            default:
                return null;
        }
    }

    /// <summary>Whether a text says yes and nothing else: no command, whatever a model would make of it.</summary>
    public static bool IsYes(string text) => Safety.AnswerWords.IsYes(text);

    /// <summary>Whether actuators can be had: the lock of moves is free, or becomes so in time. A watchdog that the model cannot keep alive.</summary>
    public bool IsResponsive(TimeSpan patience)
    {
        if (!_gate.TryEnter(patience))
        {
            return false;
        }

        _gate.Exit();
        return true;
    }

    private FunctionResult Run(FunctionCall call, BoundCall bound, Caller caller, string? token, bool isConfirmed, CancellationToken cancellationToken)
    {
        bound = bound with { Errand = new Errand(caller.Id, caller.Actions is { } ids ? ids.Of : null, bound.Errand.Tokens, bound.Errand.Pin) };
        var outcomes = new Outcomes(bound);
        long permitted = 0;
        lock (_gate)
        {
            var verdict = _judge.Judge(bound, isConfirmed);
            if (verdict is Verdict.NeedsConfirmation asked && token is not null)
            {
                verdict = _confirmations.Redeem(caller, asked, token) is { } wrong ? new Verdict.Denied(wrong) : _judge.Judge(bound, isConfirmed: true);
            }

            switch (verdict)
            {
                case Verdict.Denied denied:
                    return new FunctionResult.Denied(bound.Name, denied.Denial);
                case Verdict.NeedsConfirmation asks:
                    var question = _confirmations.Ask(caller, asks);
                    return new FunctionResult.Asked(bound.Name, question.Text, question.Token, question.ExpiresAt);
                case Verdict.Allowed allowed:
                    if (bound.Acts && _recorder.Permit(caller, call, bound) is { } unlogged)
                    {
                        return new FunctionResult.Denied(bound.Name, unlogged);
                    }

                    outcomes.Permit = allowed.Call;
                    permitted = _clock.GetTimestamp();
                    Move(outcomes, cancellationToken);
                    break;
            }
        }

        // Nothing a read gives flows into a move of the same call, so that all moves come first, while nobody else may move.
        Settle(outcomes, cancellationToken);
        ReadAndSend(outcomes, cancellationToken);
        caller.Times?.AddHands(_clock.GetElapsedTime(permitted));
        var result = outcomes.ToResult();
        return result is FunctionResult.Asked back && outcomes.Questions is { Count: > 0 } questions
            ? back with { Token = _confirmations.PassOn(caller, bound, questions, back.Question, back.ExpiresAt).Token }
            : result;
    }

    private void Move(Outcomes outcomes, CancellationToken cancellationToken)
    {
        bool isFirst = true;
        for (int i = 0; i < outcomes.Call.Actions.Count && !outcomes.IsStopped; i++)
        {
            if (outcomes.Call.Actions[i] is not DeviceAction { Moves: true } action)
            {
                continue;
            }

            // Earlier moves may not have made of the house what was expected: a valve that did not open keeps its pump off.
            if (!isFirst && _judge.JudgeAgain(outcomes.Call, action) is Verdict.Denied late)
            {
                outcomes.Failed(late.Denial.Message);
                continue;
            }

            isFirst = false;
            Try(outcomes, i, () =>
            {
                var state = _handler.Do(action, outcomes.Permit!, cancellationToken);
                return outcomes.IsSequence ? _handler.Settle(action, cancellationToken) : state;
            });
        }
    }

    /// <summary>Waits for feedback inputs, where nothing else of the call hangs on them and others may move meanwhile.</summary>
    private void Settle(Outcomes outcomes, CancellationToken cancellationToken)
    {
        for (int i = 0; i < outcomes.Call.Actions.Count && !outcomes.IsSequence; i++)
        {
            if (outcomes.WasDone(i))
            {
                Try(outcomes, i, () => _handler.Settle((DeviceAction)outcomes.Call.Actions[i], cancellationToken));
            }
        }
    }

    private void ReadAndSend(Outcomes outcomes, CancellationToken cancellationToken)
    {
        for (int i = 0; i < outcomes.Call.Actions.Count && !outcomes.IsStopped; i++)
        {
            switch (outcomes.Call.Actions[i])
            {
                case DeviceAction { Moves: false } read:
                    Try(outcomes, i, () => _handler.Do(read, outcomes.Permit!, cancellationToken));
                    break;
                case PublishAction message:
                    Try(outcomes, i, () =>
                    {
                        _handler.Publish(message, cancellationToken);
                        return null;
                    });
                    break;
            }
        }
    }

    private static void Try(Outcomes outcomes, int action, Func<DeviceState?> act)
    {
        try
        {
            outcomes.Came(action, act());
        }
        catch (HardwareFault e)
        {
            outcomes.Came(action, null);
            outcomes.Failed(e.Message);
        }
        catch (BoardObjectionException e)
        {
            outcomes.Came(action, null);
            outcomes.Objected(e);
        }
    }

    private FunctionResult Keep(Caller caller, FunctionCall call, long start, FunctionResult result)
    {
        Log(call, result);
        bool isReading = result is FunctionResult.Done && _binder.IsReading(call.Name);
        if (!isReading && _recorder.Result(caller, call, result) is { } unlogged)
        {
            HandlersLog.Unlogged(_logger, call.Name, unlogged);
        }

        caller.Times?.AddWhole(_clock.GetElapsedTime(start));
        return result;
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
            case FunctionResult.Asked asked:
                HandlersLog.Asked(_logger, call.Name, arguments, asked.Question);
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
