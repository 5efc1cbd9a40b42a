using System.Device.Gpio;
using System.Device.I2c;
using Edge.Functions;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Edge.Tests.Devices;

/// <summary>A part that holds its bus: its own commands fail in time, everybody else's are done.</summary>
public sealed class StuckBusTests
{
    [Fact]
    public async Task A_sensor_that_hangs_gives_no_reading_and_holds_up_nobody()
    {
        var settings = TestHouse.ReadSettings("""
            devices:
              - {name: lamp, kind: light, line: 17}
              - {name: attic humidity, kind: sensor, quantity: humidity, part: {kind: sht3x}}
            hardware: {readDeadline: 1s}
            """);
        using var stuck = new StuckPart();
        using var lines = new SimulatedGpioDriver();
        var buses = new FakeBuses(TimeProvider.System) { I2c = { [0x44] = stuck } };
        var board = GpioBoard.On(new GpioChip("simulated", new GpioController(lines), lines));
        using var house = House.Open(settings, Hardware.On(board, settings, TimeProvider.System, buses.Board), TimeProvider.System, NullLoggerFactory.Instance);
        var token = TestContext.Current.CancellationToken;
        var reading = Task.Run(() => house.Dispatcher.Invoke(new DeviceAction.Measure(house.Registry.Find("attic humidity")!.Declaration), token), token);
        await stuck.Hangs.WaitAsync(token);
        Assert.IsType<FunctionResult.Done>(house.Dispatcher.Invoke(new DeviceAction.SwitchTo(house.Registry.Find("lamp")!.Declaration, true), token));
        Assert.False(reading.IsCompleted);
        Assert.StartsWith("No reading from attic humidity: ", Assert.IsType<FunctionResult.Failed>(await reading).Error, StringComparison.Ordinal);
        Assert.False(house.Registry.Find("attic humidity")!.State.IsKnown);
    }

    private sealed class StuckPart : I2cDevice
    {
        private readonly TaskCompletionSource _hangs = new();
        private readonly ManualResetEventSlim _free = new();

        public Task Hangs => _hangs.Task;

        public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x44);

        public override void Read(Span<byte> buffer) => Hang();

        public override void Write(ReadOnlySpan<byte> buffer) => Hang();

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => Hang();

        protected override void Dispose(bool disposing)
        {
            _free.Set();
            base.Dispose(disposing);
        }

        private void Hang()
        {
            _hangs.TrySetResult();
            _free.Wait();
        }
    }
}
