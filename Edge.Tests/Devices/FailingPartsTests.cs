using System.Device.Gpio;
using System.Device.I2c;
using Edge.Functions;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Devices;

/// <summary>Parts that do not acknowledge, go away in mid-read, or are slow: the reply says that there is no reading, and never an old number.</summary>
public sealed class FailingPartsTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SimulatedGpioDriver _lines = new();
    private readonly LightPart _part = new();
    private readonly House _house;

    public FailingPartsTests()
    {
        var settings = TestHouse.ReadSettings("""
            devices:
              - {name: lamp, kind: light, line: 17}
              - {name: daylight, kind: sensor, quantity: light level, part: {kind: bh1750}}
            hardware: {readDeadline: 1s}
            """);
        var buses = new FakeBuses(_clock) { I2c = { [0x23] = _part } };
        var board = GpioBoard.On(new GpioChip("simulated", new GpioController(_lines), _lines));
        _house = House.Open(settings, Hardware.On(board, settings, _clock, buses.Board), _clock, NullLoggerFactory.Instance);
    }

    public void Dispose()
    {
        _part.Dispose();
        _house.Dispose();
        _lines.Dispose();
    }

    [Fact]
    public void A_part_that_does_not_acknowledge_is_no_reading_after_a_good_one()
    {
        Assert.Equal("Daylight light level is 28067 lx.", Read().Sentence);
        _part.Fault = new IOException("Error 121 performing I2C data transfer.");
        var failed = Assert.IsType<FunctionResult.Failed>(Read());
        Assert.StartsWith("No reading from daylight: light of the bh1750 on I2C bus 1 address 0x23 does not answer (Error 121", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("28067", failed.Error, StringComparison.Ordinal);
        Assert.Equal("""{"state":"unknown"}""", State.ToJson().ToJsonString());
        _part.Fault = null;
        Assert.Equal("Daylight light level is 28067 lx.", Read().Sentence);
    }

    [Fact]
    public void A_part_that_goes_in_the_middle_of_a_read_is_no_reading()
    {
        Read();
        _part.FailsAfterWrite = true;
        Assert.IsType<FunctionResult.Failed>(Read());
        Assert.False(State.IsKnown);
    }

    [Fact]
    public async Task A_slow_part_is_no_reading_when_its_time_is_over_and_others_are_served_meanwhile()
    {
        Read();
        _part.Hold();
        var reading = Task.Run(Read, TestContext.Current.CancellationToken);
        await _part.Entered.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("Lamp is on.", Do("lamp", d => new DeviceAction.SwitchTo(d, true)).Sentence);
        Assert.False(reading.IsCompleted);
        while (!reading.IsCompleted)
        {
            // Whichever of transfer and measurement is waited for, its time passes here.
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.IsType<FunctionResult.Failed>(await reading);
        Assert.False(State.IsKnown);
    }

    [Fact]
    public void A_number_has_an_age()
    {
        Read();
        var measuredAt = _house.Registry.Find("daylight")!.ChangedAt;
        _clock.Advance(TimeSpan.FromMinutes(5));
        _part.Fault = new IOException("gone");
        Read();
        Assert.Equal(TimeSpan.FromMinutes(5), _house.Registry.Find("daylight")!.ChangedAt - measuredAt);
    }

    private DeviceState State => _house.Registry.Find("daylight")!.State;

    private FunctionResult Read() => Do("daylight", d => new DeviceAction.Measure(d));

    private FunctionResult Do(string device, Func<DeviceDeclaration, DeviceAction> action) =>
        _house.Dispatcher.Invoke(action(_house.Registry.Find(device)!.Declaration), TestContext.Current.CancellationToken);

    /// <summary>A BH1750 with the data sheet's example in it.</summary>
    private sealed class LightPart : I2cDevice
    {
        private readonly ManualResetEventSlim _open = new(true);
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Fault { get; set; }

        public bool FailsAfterWrite { get; set; }

        public Task Entered => _entered.Task;

        public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x23);

        public void Hold() => _open.Reset();

        public override void Read(Span<byte> buffer)
        {
            Wait();
            if (FailsAfterWrite)
            {
                throw new IOException("Error 6 performing I2C data transfer.");
            }

            buffer[0] = 0x83;
            buffer[1] = 0x90;
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Wait();

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => Read(readBuffer);

        protected override void Dispose(bool disposing)
        {
            _open.Set();
            base.Dispose(disposing);
        }

        private void Wait()
        {
            if (!_open.IsSet)
            {
                _entered.TrySetResult();
                _open.Wait();
            }

            if (Fault is not null)
            {
                throw Fault;
            }
        }
    }
}
