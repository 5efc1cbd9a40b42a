using Edge.Runtime.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Hosting;

public sealed class WatchdogTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _told = [];
    private readonly Watchdog _watchdog;
    private bool _answers = true;
    private bool _attended = true;
    private TimeSpan _asked;

    public WatchdogTests() => _watchdog = new Watchdog(
        _told.Add,
        TimeSpan.FromSeconds(30),
        patience =>
        {
            _asked = patience;
            return _answers;
        },
        () => _attended,
        _clock,
        NullLogger<Watchdog>.Instance);

    public void Dispose() => _watchdog.Dispose();

    [Fact]
    public void A_sign_of_life_comes_three_times_as_often_as_it_must()
    {
        _watchdog.Start();
        _clock.Advance(TimeSpan.Zero);
        Assert.Equal(["WATCHDOG=1"], _told);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(4, _told.Count);
        Assert.All(_told, t => Assert.Equal("WATCHDOG=1", t));
        Assert.Equal(TimeSpan.FromSeconds(5), _asked);
    }

    [Fact]
    public void None_comes_while_actuators_do_not_answer()
    {
        _answers = false;
        Run();
        Assert.Empty(_told);
        _answers = true;
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(_told);
    }

    [Fact]
    public void None_comes_while_nobody_looks_after_the_broker()
    {
        _attended = false;
        Run();
        Assert.Empty(_told);
    }

    [Fact]
    public void None_comes_after_the_end()
    {
        _watchdog.Start();
        _clock.Advance(TimeSpan.Zero);
        _watchdog.Dispose();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(_told);
    }

    [Fact]
    public void A_look_that_breaks_is_no_sign_and_no_end()
    {
        using var broken = new Watchdog(_ => throw new IOException("The socket is gone."), TimeSpan.FromSeconds(3), _ => true, () => true, _clock, NullLogger<Watchdog>.Instance);
        broken.Start();
        _clock.Advance(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("30000000", null, 30)]
    [InlineData("30000000", "77", 30)]
    [InlineData("30000000", "78", null)]
    [InlineData("30000000", "", null)]
    [InlineData("0", null, null)]
    [InlineData("-5", null, null)]
    [InlineData("9223372036854775807", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, null, null)]
    public void How_long_the_manager_waits_is_in_its_variables(string? microseconds, string? process, int? seconds) =>
        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, Supervisor.PatienceOf(microseconds, process, 77));

    private void Run()
    {
        _watchdog.Start();
        _clock.Advance(TimeSpan.FromMinutes(1));
    }
}
