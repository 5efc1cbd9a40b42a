using Edge.Functions.Gpio;
using Edge.Functions.Sensors;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Sensors;

public class DeadlineReaderTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_reading_carries_the_time_it_was_made()
    {
        var reading = new DeadlineReader(new SimulatedSensor(21.5), Deadline, _clock).Read(TestContext.Current.CancellationToken);
        Assert.Equal(new Reading(21.5, _clock.GetUtcNow()), reading);
    }

    [Fact]
    public async Task A_read_that_hangs_ends_at_the_deadline_and_later_ones_at_once()
    {
        using var sensor = new HangingSensor();
        var reader = new DeadlineReader(sensor, Deadline, _clock);
        await AssertTimesOut(reader);

        var again = Assert.Throws<HardwareFault>(() => reader.Read(TestContext.Current.CancellationToken));
        Assert.Equal("the last read still hangs", again.Message);
        Assert.Equal(1, sensor.Reads);

        sensor.Release();
        Assert.True(SpinWait.SpinUntil(() => sensor.Returned == 1, TimeSpan.FromSeconds(10)));
        var fresh = await ReadUntilFresh(reader);
        Assert.Equal(7, fresh.Value);
        Assert.Equal(2, sensor.Reads);
    }

    [Fact]
    public void A_failing_sensor_gives_its_own_words()
    {
        var sensor = new SimulatedSensor(1) { Fault = "NACK from 0x76" };
        var reader = new DeadlineReader(sensor, Deadline, _clock);
        Assert.Equal("NACK from 0x76", Assert.Throws<HardwareFault>(() => reader.Read(TestContext.Current.CancellationToken)).Message);
        sensor.Fault = null;
        Assert.Equal(1, reader.Read(TestContext.Current.CancellationToken).Value);
    }

    private async Task AssertTimesOut(DeadlineReader reader)
    {
        var read = Task.Run(() => reader.Read());
        while (!read.IsCompleted)
        {
            _clock.Advance(Deadline);
            await Task.Yield();
        }

        Assert.Equal("no answer within 2 s", (await Assert.ThrowsAsync<HardwareFault>(() => read)).Message);
    }

    /// <summary>The sensor has returned; the task that carried it may need a moment more.</summary>
    private static async Task<Reading> ReadUntilFresh(DeadlineReader reader)
    {
        while (true)
        {
            try
            {
                return reader.Read();
            }
            catch (HardwareFault)
            {
                await Task.Yield();
            }
        }
    }

    private sealed class HangingSensor : Sensor, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();
        private int _reads;
        private int _returned;

        public int Reads => Volatile.Read(ref _reads);

        public int Returned => Volatile.Read(ref _returned);

        public void Release() => _released.Set();

        public override double Measure()
        {
            Interlocked.Increment(ref _reads);
            _released.Wait();
            Interlocked.Increment(ref _returned);
            return 7;
        }

        public void Dispose() => _released.Dispose();
    }
}
