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

    /// <summary>The channel of memory behind its tone; null on hardware, and where it has a tone of its own.</summary>
    internal SimulatedPwmChannel? Simulation => _tone?.Simulation;

    public override DeviceState Read(CancellationToken cancellationToken = default) =>
        Keep(DeviceState.Switched(_line?.Read() ?? _tone!.Read() > 0));

    /// <summary>Begins to beep and returns during the first beep.</summary>
    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        lock (_gate)
        {
            _step.Cancel();
            switch (action)
            {
                case DeviceAction.Beep beep:
                    Sound(beep.Times);
                    break;
                case DeviceAction.Play play when _tone is not null:
                    Play(play.Melody.Notes, 0, permit);
                    break;
                default:
                    throw NotMine(action);
            }

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

    /// <summary>A note, then the next; silent in the end, and when one cannot be played.</summary>
    private void Play(IReadOnlyList<Note> notes, int at, Permit permit)
    {
        try
        {
            if (at < notes.Count && notes[at].Hz > 0)
            {
                _tone!.WriteTone(notes[at].Hz, ToneDuty, permit);
            }
            else
            {
                _tone!.Write(0, permit);
            }
        }
        catch (HardwareFault)
        {
            _tone!.GoSafe();
            throw;
        }

        Read();
        if (at < notes.Count)
        {
            _step.Set(notes[at].For, () => Play(notes, at + 1, permit));
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
        if (_tone is null)
        {
            return;
        }

        // A melody may have left it at another tone.
        if (on && _tone.HasOwnFrequency)
        {
            _tone.WriteTone(((Wiring.Tone)Declaration.Wiring).ToneHz, ToneDuty, permit);
        }
        else
        {
            _tone.Write(on ? ToneDuty : 0, permit);
        }
    }
}
