using System.Device.Gpio;
using Edge.Functions.Gpio;
using Iot.Device.Uln2003;

namespace Edge.Functions.Devices;

/// <summary>
/// A stepper motor behind a ULN2003. The binding knows the order of the coils; its own turning waits in a loop that nothing can stop, so
/// it is asked for one step at a time, and the clock sets the pace. Coils are off when a move is over, was stopped, or failed: a motor at
/// rest stays cool and holds by its gears.
/// </summary>
public sealed class StepperDevice : Device
{
    /// <summary>A move that takes this many times its time, or more, is stopped.</summary>
    private const double PatienceFactor = 4;

    private static readonly TimeSpan PatienceMin = TimeSpan.FromSeconds(5);

    /// <summary>How often a move tells where it is: its steps are too many to be told each.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(250);

    private readonly IReadOnlyList<OutputLine> _coils;
    private readonly PermittedLines _pins;
    private readonly Uln2003 _motor;
    private readonly Wiring.Stepper _wiring;
    private readonly TimeSpan _step;
    private readonly Lock _gate = new();
    private readonly Later _next;
    private int _position;
    private Move? _move;
    private long _toldAt;

    /// <param name="coils">In the order of IN1 to IN4; safe is off.</param>
    public StepperDevice(DeviceDeclaration declaration, IReadOnlyList<OutputLine> coils, Wiring.Stepper wiring, TimeProvider clock)
        : base(declaration, clock)
    {
        (_coils, _wiring) = (coils, wiring);
        _pins = new PermittedLines(coils);

        // At this speed the binding does not wait between steps.
        _motor = new Uln2003(0, 1, 2, 3, new GpioController(_pins), shouldDispose: true) { Mode = StepperMode.HalfStep, RPM = short.MaxValue };
        _step = TimeSpan.FromSeconds(360 / (wiring.DegreesPerSecond * wiring.StepsPerTurn));
        _next = new Later(clock, _gate);
        _position = StepsOf(wiring.StartDegrees);
        Read();
    }

    /// <param name="Target">In half steps.</param>
    private sealed record Move(int Target, long StartedAt, TimeSpan Patience);

    /// <summary>By the steps made since the start; whether the shaft followed is not measured.</summary>
    public override DeviceState Read(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Keep(Now());
        }
    }

    /// <summary>Begins to turn and returns at once: <c>turning</c>. A new command replaces the one under way.</summary>
    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        int target = action is DeviceAction.TurnTo to ? StepsOf(to.Degrees) : throw NotMine(action);
        lock (_gate)
        {
            var time = _step * Math.Abs(target - _position) * PatienceFactor;
            _move = new Move(target, Clock.GetTimestamp(), time > PatienceMin ? time : PatienceMin);
            Step(permit);
            return State;
        }
    }

    public override void GoSafe()
    {
        lock (_gate)
        {
            Rest();
            Keep(Now());
        }
    }

    protected override void Dispose(bool disposing)
    {
        _next.Dispose();
        foreach (var coil in _coils)
        {
            coil.Dispose();
        }
    }

    private int StepsOf(double degrees) => (int)Math.Round(degrees * _wiring.StepsPerTurn / 360);

    private DeviceState Now()
    {
        double degrees = Math.Round(_position * 360.0 / _wiring.StepsPerTurn, 1);
        return _move is null ? DeviceState.Number(degrees) : new DeviceState("turning", degrees);
    }

    /// <summary>One half step, or the end of the move.</summary>
    private void Step(Permit permit)
    {
        if (_move is not { } move)
        {
            return;
        }

        if (move.Target == _position || Clock.GetElapsedTime(move.StartedAt) > move.Patience)
        {
            Rest();
            Keep(Now());
            return;
        }

        int direction = Math.Sign(move.Target - _position);
        try
        {
            _pins.Permit = permit;
            _motor.Step(direction);
        }
        catch (HardwareFault)
        {
            Keep(DeviceState.Unknown);
            Rest();
            throw;
        }
        finally
        {
            _pins.Permit = null;
        }

        _position += direction;
        if (State.Word != "turning" || Clock.GetElapsedTime(_toldAt) >= TellEvery)
        {
            _toldAt = Clock.GetTimestamp();
            Keep(Now());
        }

        _next.Set(_step, () => Step(permit));
    }

    /// <summary>Every coil off, whatever the others do.</summary>
    private void Rest()
    {
        _next.Cancel();
        _move = null;
        HardwareFault? fault = null;
        foreach (var coil in _coils)
        {
            try
            {
                coil.GoSafe();
            }
            catch (HardwareFault e)
            {
                fault = e;
            }
        }

        if (fault is not null)
        {
            _next.Set(SwitchedDevice.SafeRetry, Rest);
            throw fault;
        }
    }
}
