using Edge.Functions.Gpio;

namespace Edge.Functions.Devices;

/// <summary>
/// A cover with a motor line for each direction and no feedback: its position follows from how long it ran. At start it is unknown; a
/// full travel in either direction settles it.
/// </summary>
public sealed class CoverDevice : Device
{
    /// <summary>Between the two directions: relays and motors need a moment.</summary>
    public static readonly TimeSpan Dwell = TimeSpan.FromMilliseconds(500);

    /// <summary>Full moves run this much longer, so that the end stop is reached in spite of wear and cold.</summary>
    private const double FullTravelFactor = 1.1;

    private readonly OutputLine _openLine;
    private readonly OutputLine _closeLine;
    private readonly TimeSpan _travel;
    private readonly Lock _gate = new();
    private readonly Later _step;
    private double? _position;
    private Move? _move;

    /// <summary>The direction of a move that waits for the dwell time; null for none.</summary>
    private bool? _pending;

    public CoverDevice(DeviceDeclaration declaration, OutputLine openLine, OutputLine closeLine, TimeSpan travel, TimeProvider clock)
        : base(declaration, clock)
    {
        _openLine = openLine;
        _closeLine = closeLine;
        _travel = travel;
        _step = new Later(clock, _gate);
    }

    /// <param name="From">The position at the start of the move; null when unknown.</param>
    private sealed record Move(bool Opening, double? From, long StartedAt);

    public override DeviceState Read(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Keep(Now());
        }
    }

    /// <summary>Starts the move and returns at once: <c>opening</c> or <c>closing</c>. A new command stops the one under way.</summary>
    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        lock (_gate)
        {
            Halt();
            switch (action)
            {
                case DeviceAction.OpenOrClose to:
                    Start(to.Open, _travel * FullTravelFactor, permit, then: null);
                    break;
                case DeviceAction.MoveTo { Percent: 0 or 100 } to:
                    Start(to.Percent == 100, _travel * FullTravelFactor, permit, then: null);
                    break;
                case DeviceAction.MoveTo to when _position is { } from:
                    StartTo(from, to.Percent, permit);
                    break;
                case DeviceAction.MoveTo to:
                    // Where it stands is unknown: close it first, then count from there.
                    Start(false, _travel * FullTravelFactor, permit, then: () => StartTo(0, to.Percent, permit));
                    break;
                default:
                    throw NotMine(action);
            }

            return Keep(Now());
        }
    }

    public override void GoSafe()
    {
        lock (_gate)
        {
            Halt();
            Keep(Now());
        }
    }

    protected override void Dispose(bool disposing)
    {
        _step.Dispose();
        _openLine.Dispose();
        _closeLine.Dispose();
    }

    private void StartTo(double from, int to, Permit permit)
    {
        double distance = Math.Abs(to - from) / 100;
        if (distance > 0.005)
        {
            Start(to > from, _travel * distance, permit, then: null);
        }
    }

    /// <summary>The other line is off first, and has been for the dwell time.</summary>
    private void Start(bool opening, TimeSpan duration, Permit permit, Action? then)
    {
        var (line, other) = opening ? (_openLine, _closeLine) : (_closeLine, _openLine);
        other.Write(false, permit);
        _move = null;
        _pending = opening;
        _step.Set(Dwell, Run);

        void Run()
        {
            _pending = null;
            line.Write(true, permit);
            _move = new Move(opening, _position, Clock.GetTimestamp());
            _step.Set(duration, () =>
            {
                Halt();
                if (duration >= _travel)
                {
                    _position = opening ? 100 : 0;
                }

                Keep(Now());
                then?.Invoke();
            });
        }
    }

    /// <summary>Both lines off; the position is what the time that passed makes of it.</summary>
    private void Halt()
    {
        _step.Cancel();
        _position = Position();
        _move = null;
        _pending = null;
        _openLine.GoSafe();
        _closeLine.GoSafe();
    }

    private double? Position()
    {
        if (_move is not { } move)
        {
            return _position;
        }

        double moved = Clock.GetElapsedTime(move.StartedAt) / _travel * 100;
        return moved >= 100
            ? (move.Opening ? 100 : 0)
            : move.From is { } from ? Math.Clamp(from + (move.Opening ? moved : -moved), 0, 100) : null;
    }

    private DeviceState Now()
    {
        double? position = Position() is { } p ? Math.Round(p) : null;
        bool? opening = _move?.Opening ?? _pending;
        return (opening, position) switch
        {
            (true, _) => new DeviceState("opening", position),
            (false, _) => new DeviceState("closing", position),
            (null, null) => DeviceState.Unknown,
            (null, 0) => new DeviceState("closed", 0),
            _ => new DeviceState("open", position),
        };
    }
}
