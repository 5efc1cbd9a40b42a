using System.Net;
using System.Net.Sockets;

namespace Edge.Tests.Fakes;

/// <summary>Stands between a client and a broker; can hold back what the client says, and break the connection.</summary>
internal sealed class HoldingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _broker;
    private readonly Task _accepting;
    private readonly Lock _lock = new();
    private readonly List<TcpClient> _open = [];
    private volatile bool _holds;

    public HoldingProxy(int broker)
    {
        _broker = broker;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From here on nothing of the client gets through, until <see cref="Break"/>.</summary>
    public void Hold() => _holds = true;

    /// <summary>Ends all connections; new ones work.</summary>
    public void Break()
    {
        lock (_lock)
        {
            _holds = false;
            _open.ForEach(c => c.Dispose());
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Break();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var broker = new TcpClient();
                await broker.ConnectAsync("127.0.0.1", _broker, _stop.Token);
                lock (_lock)
                {
                    _open.AddRange([client, broker]);
                }

                _ = PumpAsync(client, broker, () => _holds);
                _ = PumpAsync(broker, client, () => false);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to, Func<bool> holds)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer)) > 0)
            {
                if (!holds())
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
                }
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Broken, as it was meant to be.
        }
    }
}
