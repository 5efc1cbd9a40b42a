using System.Device.Pwm;
using System.Diagnostics;
using Edge.Functions.Gpio;

namespace Edge.Functions.Pwm;

/// <summary>
/// PWM by switching an ordinary line on time: for a lamp or a buzzer where no hardware PWM is free. The bindings have one (4.2.0), which is
/// not used: an error of its line ends the process, stopping leaves the line as it was, and it keeps a core busy also while stopped.
/// This one runs a thread only while the duty is between 0 and 1, sleeps most of a period, and a line that fails stops it.
/// </summary>
internal sealed class SoftwarePwmChannel : PwmChannel
{
    /// <summary>The kernel may wake a thread this late; the rest of the wait is spent looking at the clock.</summary>
    private static readonly TimeSpan Wakeup = TimeSpan.FromMilliseconds(1.2);

    private readonly OutputLine _line;
    private readonly Func<TimeSpan, bool>? _wait;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;
    private long _periodTicks;
    private int _frequency;
    private double _duty;
    private HardwareFault? _fault;

    /// <param name="line">Taken over; safe is off.</param>
    /// <param name="wait">Waits and tells whether to stop; null waits in real time.</param>
    public SoftwarePwmChannel(OutputLine line, int frequencyHz, Func<TimeSpan, bool>? wait = null)
    {
        (_line, _wait) = (line, wait);
        Frequency = frequencyHz;
    }

    /// <summary>What the line is switched with; without one it stays off.</summary>
    public Permit? Permit { get; set; }

    public override int Frequency
    {
        get => _frequency;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _frequency = value;
            Volatile.Write(ref _periodTicks, TimeSpan.TicksPerSecond / value);
        }
    }

    /// <summary>0 to 1. Reading tells what the line does.</summary>
    /// <exception cref="HardwareFault">The line failed since it was set.</exception>
    public override double DutyCycle
    {
        get => Volatile.Read(ref _fault) is { } fault ? throw fault : Volatile.Read(ref _duty);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 0);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1);
            lock (_gate)
            {
                Volatile.Write(ref _fault, null);
                bool isSteady = value is 0 or 1 || Permit is null;
                if (isSteady)
                {
                    End();
                }

                Volatile.Write(ref _duty, Permit is null ? 0 : value);
                if (!isSteady)
                {
                    Begin();
                }
                else if (value == 1 && Permit is { } permit)
                {
                    _line.Write(true, permit);
                }
                else
                {
                    _line.GoSafe();
                }
            }
        }
    }

    /// <summary>The duty alone decides.</summary>
    public override void Start()
    {
    }

    public override void Stop() => DutyCycle = 0;

    /// <summary>A duty and a permit for <see cref="Run"/>, which is then called by whoever prepared it.</summary>
    internal void Prepare(double duty, Permit permit) => (_duty, Permit) = (duty, permit);

    /// <summary>Switches the line until told to stop or until it fails.</summary>
    internal void Run()
    {
        try
        {
            while (Permit is { } permit)
            {
                // Each part from its own edge: on a busy board a period gets longer, and its parts alike.
                var period = TimeSpan.FromTicks(Volatile.Read(ref _periodTicks));
                var on = period * Volatile.Read(ref _duty);
                _line.Write(true, permit);
                if (Wait(on))
                {
                    break;
                }

                _line.GoSafe();
                if (Wait(period - on))
                {
                    break;
                }
            }

            _line.GoSafe();
        }
        catch (Exception e) when (e is HardwareFault or ObjectDisposedException)
        {
            Volatile.Write(ref _fault, e as HardwareFault ?? new HardwareFault($"{_line} was given back.", e));
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            End();
            _line.Dispose();
        }

        _stop.Dispose();
        base.Dispose(disposing);
    }

    private void Begin()
    {
        if (_thread is { IsAlive: true })
        {
            return;
        }

        _stop.Reset();
        _thread = new Thread(Run) { IsBackground = true, Name = $"software PWM {_line}", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    private void End()
    {
        _stop.Set();
        _thread?.Join();
        _thread = null;
    }

    /// <returns>Whether to stop.</returns>
    private bool Wait(TimeSpan time)
    {
        if (_wait is not null)
        {
            return _wait(time);
        }

        long start = Stopwatch.GetTimestamp();
        if (time > Wakeup && _stop.Wait(time - Wakeup))
        {
            return true;
        }

        while (Stopwatch.GetElapsedTime(start) < time)
        {
            if (_stop.IsSet)
            {
                return true;
            }

            Thread.SpinWait(20);
        }

        return _stop.IsSet;
    }
}
