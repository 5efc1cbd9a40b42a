using Edge.Functions.Gpio;
using Edge.Functions.Settings;

namespace Edge.Functions.Devices.Remote;

/// <summary>
/// A device behind MQTT. It is done when the device itself reports it, not when the broker took the message; until its first report its
/// state is unknown.
/// </summary>
public sealed class RemoteDevice : Device
{
    private readonly RemoteTopic _topic;
    private readonly RemoteBus _bus;
    private readonly Lock _gate = new();
    private readonly Later _end;
    private TaskCompletionSource _report = New();
    private DeviceAction? _last;

    public RemoteDevice(DeviceDeclaration declaration, RemoteTopic topic, RemoteBus bus, TimeProvider clock)
        : base(declaration, clock)
    {
        _topic = topic;
        _bus = bus;
        _end = new Later(clock, _gate);
        bus.Listen(topic.State, OnReport);
    }

    /// <summary>What it last reported.</summary>
    public override DeviceState Read(CancellationToken cancellationToken = default) => State;

    /// <summary>Sends the command; <see cref="Settle"/> waits for the report.</summary>
    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        permit.Demand(Name);
        lock (_gate)
        {
            _end.Cancel();
            if (ActionEffect.Activates(action) && Declaration.Limits.OnMax is { } onMax)
            {
                _end.Set(onMax, GoSafeInTheEnd);
            }

            _last = action;
            Send(action);
            return State;
        }
    }

    public override DeviceState Settle(CancellationToken cancellationToken)
    {
        long start = Clock.GetTimestamp();
        while (true)
        {
            Task report;
            lock (_gate)
            {
                report = _report.Task;
                if (_last is not { } wanted || IsDone(wanted))
                {
                    return State;
                }
            }

            var left = _topic.Within - Clock.GetElapsedTime(start);
            try
            {
                report.WaitAsync(left > TimeSpan.Zero ? left : throw new TimeoutException(), Clock, cancellationToken).GetAwaiter().GetResult();
            }
            catch (TimeoutException e)
            {
                throw new HardwareFault($"it reported {State.Word} on {_topic.State} within {DurationText.Format(_topic.Within)}.", e);
            }
        }
    }

    /// <summary>Off, closed, locked. A device that cannot be reached has to look after itself.</summary>
    public override void GoSafe()
    {
        lock (_gate)
        {
            _end.Cancel();
            if (Declaration.Wiring is Wiring.Remote { GoesSafe: true })
            {
                Send(Safe());
            }
        }
    }

    protected override void Dispose(bool disposing) => _end.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Send(DeviceAction action)
    {
        var (topic, payload) = RemoteWords.Send(_topic, Declaration.Kind, action);
        _bus.Send(topic, payload);
    }

    private DeviceAction Safe() => Declaration.Kind switch
    {
        DeviceKind.Lock => new DeviceAction.LockOrUnlock(Declaration, true),
        DeviceKind.Cover => new DeviceAction.OpenOrClose(Declaration, false),
        _ => new DeviceAction.SwitchTo(Declaration, false),
    };

    /// <summary>Brightness is rounded to 254 steps on its way.</summary>
    private bool IsDone(DeviceAction action) => action switch
    {
        DeviceAction.SetLevel to => State.Value is { } value && Math.Abs(value - to.Percent) <= 1,
        DeviceAction.MoveTo to => State.Value is { } value && Math.Abs(value - to.Percent) <= 1,
        _ => ActionEffect.IsNoChange(action, State),
    };

    private void GoSafeInTheEnd()
    {
        try
        {
            Send(Safe());
        }
        catch (HardwareFault)
        {
            _end.Set(SwitchedDevice.SafeRetry, GoSafeInTheEnd);
        }
    }

    private void OnReport(string payload)
    {
        if (RemoteWords.Read(_topic, Declaration.Kind, payload) is not { } state)
        {
            return;
        }

        Keep(state);
        TaskCompletionSource report;
        lock (_gate)
        {
            report = _report;
            _report = New();
        }

        report.TrySetResult();
    }
}
