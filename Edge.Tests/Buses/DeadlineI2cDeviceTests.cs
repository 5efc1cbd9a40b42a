using System.Device.I2c;
using Edge.Functions.Buses;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Buses;

public sealed class DeadlineI2cDeviceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Transfers_pass_through()
    {
        using var part = new DeadlineI2cDevice(new RegisterFile().Set(5, 42), TimeSpan.FromSeconds(1), _clock);
        part.Write([6, 43]);
        byte[] read = new byte[2];
        part.WriteRead([5], read);
        Assert.Equal([42, 43], read);
        part.WriteByte(6);
        Assert.Equal(43, part.ReadByte());
    }

    [Fact]
    public async Task A_transfer_that_hangs_ends_at_its_deadline_and_the_next_is_refused_at_once()
    {
        using var stuck = new StuckPart();
        using var part = new DeadlineI2cDevice(stuck, TimeSpan.FromSeconds(1), _clock);
        var first = Task.Run(() => part.WriteByte(1), TestContext.Current.CancellationToken);
        while (!first.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        Assert.Equal("no answer within 1 s", (await Assert.ThrowsAsync<IOException>(() => first)).Message);
        Assert.Equal("the bus still hangs", Assert.Throws<IOException>(() => part.ReadByte()).Message);
        stuck.LetGo();
        while (true)
        {
            try
            {
                part.ReadByte();
                break;
            }
            catch (IOException)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Its clock line is held low.</summary>
    private sealed class StuckPart : I2cDevice
    {
        private readonly ManualResetEventSlim _free = new();

        public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x20);

        public void LetGo() => _free.Set();

        public override void Read(Span<byte> buffer) => _free.Wait();

        public override void Write(ReadOnlySpan<byte> buffer) => _free.Wait();

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => _free.Wait();

        protected override void Dispose(bool disposing)
        {
            _free.Set();
            base.Dispose(disposing);
        }
    }
}
