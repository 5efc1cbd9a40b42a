using System.Net.Sockets;
using System.Text;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>The program under a service manager: a datagram socket, as systemd opens one.</summary>
public sealed class SupervisorTests : IDisposable
{
    private const string House = "devices: [{name: lamp, kind: light, line: 17}]\ngpio: {driver: simulated}\n";
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder.FullName, "notify");

    public SupervisorTests() => _manager.Bind(new UnixDomainSocketEndPoint(Path));

    public void Dispose()
    {
        _manager.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_running_program_gives_signs_of_life()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var edge = await EdgeProcess.RunAsync(
            $"{House}mqtt: {{embedded: false, port: {broker.Port}}}\n", Token, ("NOTIFY_SOCKET", Path), ("WATCHDOG_USEC", "300000"));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("WATCHDOG=1", await NextAsync(apartFrom: "READY=1"));
        }

        await edge.SignalAsync("TERM", Token);
        Assert.Equal(0, (await edge.EndAsync(Token)).ExitCode);
    }

    // systemd's Type=notify waits for the one and kills what does not say it; the other keeps a stop from looking like a crash.
    [Fact]
    public async Task It_says_that_it_is_ready_and_that_it_stops()
    {
        await using var edge = await EdgeProcess.RunAsync(
            $"{House}mqtt: {{embedded: false, port: {FreePort.Find()}}}\n", Token, ("NOTIFY_SOCKET", Path));
        Assert.Equal("READY=1", await NextAsync());
        await edge.SignalAsync("TERM", Token);
        Assert.Equal("STOPPING=1", await NextAsync());
        Assert.Equal(0, (await edge.EndAsync(Token)).ExitCode);
    }

    [Fact]
    public async Task Also_while_no_broker_is_there()
    {
        await using var edge = await EdgeProcess.RunAsync(
            $"{House}mqtt: {{embedded: false, port: {FreePort.Find()}}}\n", Token, ("NOTIFY_SOCKET", Path), ("WATCHDOG_USEC", "300000"));
        Assert.Equal("WATCHDOG=1", await NextAsync(apartFrom: "READY=1"));
    }

    private async Task<string> NextAsync(string? apartFrom = null)
    {
        byte[] buffer = new byte[256];
        while (true)
        {
            int length = await _manager.ReceiveAsync(buffer, SocketFlags.None, Token).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Token);
            string said = Encoding.ASCII.GetString(buffer, 0, length);
            if (said != apartFrom)
            {
                return said;
            }
        }
    }
}
