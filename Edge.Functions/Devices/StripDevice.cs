using Edge.Functions.Displays;
using Edge.Functions.Gpio;

namespace Edge.Functions.Devices;

/// <summary>
/// A strip of coloured lights: brightness, colour, effect. A moving effect is drawn 25 times a second until it is off. Nothing can be read
/// back from such lights; the state is what was sent.
/// </summary>
public sealed class StripDevice : Device
{
    internal static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(40);

    private readonly LedStrip _strip;
    private readonly Rgb[] _pixels;
    private readonly Lock _gate = new();
    private readonly Later _end;
    private readonly Later _frame;
    private Rgb _colour = new(255, 255, 255);
    private LightEffect _effect;
    private int _percent;
    private int _lastOn;
    private long _began;

    public StripDevice(DeviceDeclaration declaration, LedStrip strip, TimeProvider clock)
        : base(declaration, clock)
    {
        _strip = strip;
        _pixels = new Rgb[((Wiring.Strip)declaration.Wiring).Lights];
        _end = new Later(clock, _gate);
        _frame = new Later(clock, _gate);
        _lastOn = declaration.Limits.LevelMax;
        Read();
    }

    public override DeviceState Read(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Keep(DeviceState.Level(_percent) with { Colour = _colour, Effect = StripPicture.EffectNames[(int)_effect] });
        }
    }

    /// <summary>A colour or an effect turns it on; "on" returns to the level it had when it was last on.</summary>
    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        lock (_gate)
        {
            _percent = action switch
            {
                DeviceAction.SwitchTo to => to.On ? _lastOn : 0,
                DeviceAction.SetLevel to => to.Percent,
                DeviceAction.SetColour or DeviceAction.SetEffect => _percent > 0 ? _percent : _lastOn,
                _ => throw NotMine(action),
            };
            _colour = action is DeviceAction.SetColour colour ? colour.Colour : _colour;
            _effect = action is DeviceAction.SetEffect effect ? effect.Effect : _effect;
            _frame.Cancel();
            _end.Cancel();
            _began = Clock.GetTimestamp();
            if (_percent > 0)
            {
                _lastOn = _percent;
                if (Declaration.Limits.OnMax is { } onMax)
                {
                    _end.Set(onMax, GoSafe);
                }
            }

            try
            {
                Draw(permit);
            }
            catch (HardwareFault)
            {
                _frame.Cancel();
                Keep(DeviceState.Unknown);
                throw;
            }

            return Read();
        }
    }

    public override void GoSafe()
    {
        lock (_gate)
        {
            _frame.Cancel();
            _end.Cancel();
            _percent = 0;
            try
            {
                _strip.GoSafe();
            }
            catch (HardwareFault)
            {
                Keep(DeviceState.Unknown);
                _end.Set(SwitchedDevice.SafeRetry, GoSafe);
                throw;
            }

            Read();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _end.Dispose();
        _frame.Dispose();
        _strip.Dispose();
    }

    private void Draw(Permit permit)
    {
        StripPicture.Draw(_effect, _colour, _percent, Clock.GetElapsedTime(_began), _pixels);
        _strip.Write(_pixels, permit);
        if (_percent > 0 && _effect != LightEffect.Solid)
        {
            _frame.Set(Frame, () => Draw(permit));
        }
    }
}
