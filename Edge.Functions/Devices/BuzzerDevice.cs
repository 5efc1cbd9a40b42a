using Edge.Functions.Gpio;
using Edge.Functions.Pwm;

namespace Edge.Functions.Devices;

/// <summary>Beeps on a line (a buzzer with its own tone) or on a PWM output (one that needs a tone).</summary>
public sealed class BuzzerDevice : Device
{
    public static readonly TimeSpan BeepTime = TimeSpan.FromMilliseconds(200);

    private const double ToneDuty = 0.5;

    private readonly OutputLine? _line;
    private readonly PwmOutput? _tone;
    private readonly Lock _gate = new();
    private readonly Later _step;

    public BuzzerDevice(DeviceDeclaration declaration, OutputLine? line, PwmOutput? tone, TimeProvider clock)
        : base(declaration, clock)
    {
        _line = line;
        _tone = tone;
        _step = new Later(clock, _gate);
        Read();
    }

    public override DeviceState Read(CancellationToken cancellationToken = default) =>
        Keep(DeviceState.Switched(_line?.Read() ?? _tone!.Read() > 0));

    /// <summary>Begins to beep and returns during the first beep.</summary>
    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        int times = action is DeviceAction.Beep beep ? beep.Times : throw NotMine(action);
        lock (_gate)
        {
            _step.Cancel();
            Sound(times);
            return State;
        }

        void Sound(int left)
        {
            Write(true, permit);
            Read();
            _step.Set(BeepTime, () => Pause(left - 1));
        }

        void Pause(int left)
        {
            Write(false, permit);
            Read();
            if (left > 0)
            {
                _step.Set(BeepTime, () => Sound(left));
            }
        }
    }

    public override void GoSafe()
    {
        lock (_gate)
        {
            _step.Cancel();
            _line?.GoSafe();
            _tone?.GoSafe();
            Read();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _step.Dispose();
        _line?.Dispose();
        _tone?.Dispose();
    }

    private void Write(bool on, Permit permit)
    {
        _line?.Write(on, permit);
        _tone?.Write(on ? ToneDuty : 0, permit);
    }
}
