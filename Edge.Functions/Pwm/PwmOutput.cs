using System.Device.Pwm;
using System.Globalization;
using Edge.Functions.Gpio;

namespace Edge.Functions.Pwm;

/// <summary>One PWM output, at its safe duty from the start and again when disposed.</summary>
public sealed class PwmOutput : IDisposable
{
    /// <summary>Hardware counts in whole nanoseconds or clock ticks; a difference below this is no fault.</summary>
    private const double DutyTolerance = 0.005;

    private readonly PwmChannel _channel;
    private readonly PwmAddress _address;
    private readonly double _safeDuty;
    private readonly string? _folder;
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <param name="folder">The channel's sysfs folder for reading back; null when the channel itself is asked.</param>
    internal PwmOutput(PwmChannel channel, PwmAddress address, string owner, double safeDuty, string? folder)
    {
        _channel = channel;
        _address = address;
        _safeDuty = safeDuty;
        _folder = folder;
        Owner = owner;
        _channel.DutyCycle = safeDuty;
        _channel.Start();
    }

    public string Owner { get; }

    /// <summary>False where all channels of a part have one frequency.</summary>
    public bool HasOwnFrequency { get; init; } = true;

    /// <summary>The channel of memory behind it; null on hardware.</summary>
    public SimulatedPwmChannel? Simulation => _channel as SimulatedPwmChannel;

    /// <summary>Writes and reads back.</summary>
    /// <param name="duty">0 to 1.</param>
    /// <exception cref="HardwareFault">The duty reads back otherwise, or the kernel refused.</exception>
    public void Write(double duty, Permit permit)
    {
        permit.Demand(Owner);
        if (_channel is SoftwarePwmChannel software)
        {
            software.Permit = permit;
        }

        Set(duty);
    }

    /// <summary>Another frequency, from which a buzzer has its tone, and then a duty; off in between.</summary>
    /// <exception cref="HardwareFault">The channel shares its frequency with others, or the kernel refused.</exception>
    public void WriteTone(int frequencyHz, double duty, Permit permit)
    {
        permit.Demand(Owner);
        if (!HasOwnFrequency)
        {
            throw new HardwareFault($"{this} shares its frequency with the other channels of its part; give a buzzer with tones a channel of the header.");
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Set(0);
            try
            {
                _channel.Frequency = frequencyHz;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new HardwareFault($"{this} cannot have {frequencyHz} Hz ({e.Message.TrimEnd('.')}).", e);
            }

            Write(duty, permit);
        }
    }

    /// <summary>The duty now, 0 to 1, read from the kernel.</summary>
    /// <exception cref="HardwareFault">It cannot be read.</exception>
    public double Read()
    {
        lock (_gate)
        {
            return Measure();
        }
    }

    /// <summary>Back to the safe duty; needs no permit.</summary>
    public void GoSafe() => Set(_safeDuty);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            try
            {
                _channel.DutyCycle = _safeDuty;
                if (_safeDuty == 0)
                {
                    _channel.Stop();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // The chip is gone; nothing is left to make safe.
            }

            _channel.Dispose();
        }
    }

    public override string ToString() => _address.ToString();

    private void Set(double duty)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                _channel.DutyCycle = duty;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new HardwareFault($"{this} cannot be written ({e.Message.TrimEnd('.')}).", e);
            }

            double measured = Measure();
            if (Math.Abs(measured - duty) > DutyTolerance)
            {
                throw new HardwareFault(string.Create(CultureInfo.InvariantCulture, $"{this} was set to {duty:P0} but reads {measured:P0}."));
            }
        }
    }

    private double Measure()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_folder is null)
        {
            return _channel.DutyCycle;
        }

        try
        {
            double periodNs = ReadNumber("period");
            return ReadNumber("enable") == 0 || periodNs == 0 ? 0 : ReadNumber("duty_cycle") / periodNs;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new HardwareFault($"{this} cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    private double ReadNumber(string file) => double.Parse(File.ReadAllText(Path.Combine(_folder!, file)), NumberStyles.Float, CultureInfo.InvariantCulture);
}
