using System.Device.I2c;

namespace Edge.Functions.Buses;

/// <summary>
/// A part whose transfers end in time or fail. One that hangs keeps one thread; until it returns, further transfers with this part are
/// refused at once, so that a stuck clock line holds up neither commands nor other parts.
/// </summary>
public sealed class DeadlineI2cDevice(I2cDevice inner, TimeSpan deadline, TimeProvider clock) : I2cDevice
{
    private readonly Lock _gate = new();
    private Task? _hung;

    public override I2cConnectionSettings ConnectionSettings => inner.ConnectionSettings;

    public override void Read(Span<byte> buffer)
    {
        byte[] read = new byte[buffer.Length];
        Run(() => inner.Read(read));
        read.CopyTo(buffer);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        byte[] written = buffer.ToArray();
        Run(() => inner.Write(written));
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        byte[] written = writeBuffer.ToArray();
        byte[] read = new byte[readBuffer.Length];
        Run(() => inner.WriteRead(written, read));
        read.CopyTo(readBuffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _hung is not { IsCompleted: false })
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Run(Action transfer)
    {
        lock (_gate)
        {
            if (_hung is { IsCompleted: false })
            {
                throw new IOException("the bus still hangs");
            }

            var running = Task.Run(transfer);
            try
            {
                running.WaitAsync(deadline, clock).GetAwaiter().GetResult();
            }
            catch (TimeoutException e)
            {
                _hung = running;
                throw new IOException($"no answer within {deadline.TotalSeconds:0.#} s", e);
            }
        }
    }
}
