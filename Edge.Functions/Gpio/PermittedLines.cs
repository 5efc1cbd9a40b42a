using System.Device.Gpio;

namespace Edge.Functions.Gpio;

/// <summary>
/// Lines that a binding drives as pins 0, 1, 2, …: every write it makes still asks for a permit and is read back, as the lines are
/// <see cref="OutputLine"/>s. Without a permit at hand only levels that are safe already may be written.
/// </summary>
internal sealed class PermittedLines(IReadOnlyList<OutputLine> lines) : GpioDriver
{
    /// <summary>What the binding may write with; null for nothing.</summary>
    public Permit? Permit { get; set; }

    protected override int PinCount => lines.Count;

    protected override void OpenPin(int pinNumber)
    {
        // It is open, and safe, already.
    }

    protected override void ClosePin(int pinNumber)
    {
        // Its owner closes it.
    }

    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
    }

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
    }

    protected override PinMode GetPinMode(int pinNumber) => PinMode.Output;

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => mode == PinMode.Output;

    protected override PinValue Read(int pinNumber) => lines[pinNumber].Read();

    protected override void Write(int pinNumber, PinValue value)
    {
        if (Permit is { } permit)
        {
            lines[pinNumber].Write(value == PinValue.High, permit);
        }
        else
        {
            lines[pinNumber].GoSafe();
        }
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        throw new NotSupportedException("An output has no events.");

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) =>
        throw new NotSupportedException("An output has no events.");

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
    }
}
