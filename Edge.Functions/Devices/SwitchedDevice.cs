using Edge.Functions.Gpio;

namespace Edge.Functions.Devices;

/// <summary>One line: a light, a pump, a lock, a garage door's relay. Where a feedback input is wired, it decides about the state.</summary>
public sealed class SwitchedDevice : Device
{
    /// <summary>A line that did not go safe when its time was over is tried again.</summary>
    internal static readonly TimeSpan SafeRetry = TimeSpan.FromSeconds(1);

    private readonly OutputLine _line;
    private readonly FeedbackInput? _feedback;
    private readonly Lock _gate = new();
    private readonly Later _end;

    public SwitchedDevice(DeviceDeclaration declaration, OutputLine line, FeedbackInput? feedback, TimeProvider clock)
        : base(declaration, clock)
    {
        _line = line;
        _feedback = feedback;
        _end = new Later(clock, _gate);
        Read();
        if (feedback is not null)
        {
            feedback.Changed += () => Measure();
        }
    }

    public override DeviceState Read(CancellationToken cancellationToken = default) => Keep(Word(_feedback?.Read() ?? _line.Read()));

    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        bool active = action switch
        {
            DeviceAction.SwitchTo to => to.On,
            DeviceAction.OpenOrClose to => to.Open,
            DeviceAction.LockOrUnlock to => !to.Lock,
            DeviceAction.Pulse => true,
            _ => throw NotMine(action),
        };
        lock (_gate)
        {
            _end.Cancel();

            // Armed before the write: a line that went on and then answered wrongly must go off again all the same.
            if (action is DeviceAction.Pulse pulse)
            {
                _end.Set(pulse.For, Rest);
            }
            else if (active && Declaration.Limits.OnMax is { } onMax)
            {
                _end.Set(onMax, GoSafeInTheEnd);
            }

            _line.Write(active, permit);
            return Read();
        }

        void Rest()
        {
            try
            {
                _line.Write(false, permit);
            }
            catch (HardwareFault)
            {
                _end.Set(SafeRetry, Rest);
            }

            Measure();
        }
    }

    public override DeviceState Settle(CancellationToken cancellationToken)
    {
        if (_feedback is not null)
        {
            _feedback.WaitFor(_line.Read(), cancellationToken);
            Read(cancellationToken);
        }

        return State;
    }

    public override void GoSafe()
    {
        lock (_gate)
        {
            _end.Cancel();
            _line.GoSafe();
            Read();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _end.Dispose();
        _line.Dispose();
        _feedback?.Dispose();
    }

    private void GoSafeInTheEnd()
    {
        try
        {
            _line.GoSafe();
        }
        catch (HardwareFault)
        {
            _end.Set(SafeRetry, GoSafeInTheEnd);
        }

        Measure();
    }

    private DeviceState Word(bool active) => Declaration.Kind switch
    {
        DeviceKind.Cover => new DeviceState(active ? "open" : "closed"),
        DeviceKind.Lock => new DeviceState(active ? "unlocked" : "locked"),
        _ => DeviceState.Switched(active),
    };
}
