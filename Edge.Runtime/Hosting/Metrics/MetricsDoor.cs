using System.Net;
using System.Net.Sockets;
using System.Text;
using Edge.Runtime.Mqtt;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting.Metrics;

/// <summary>
/// Answers <c>GET /metrics</c> on 127.0.0.1 and nothing else: one request a connection, a few at a time, 2 s and 4 KB each. A web framework
/// would be many times the size of this service.
/// </summary>
public sealed class MetricsDoor : IAsyncDisposable
{
    private const int RequestBytesMax = 4096;
    private const int ConnectionsMax = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TcpListener _listener;
    private readonly Func<string> _text;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _free = new(ConnectionsMax);
    private Task _serving = Task.CompletedTask;

    public MetricsDoor(int port, Func<string> text, TimeProvider clock, ILogger<MetricsDoor> log)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _text = text;
        _clock = clock;
        _log = log;
    }

    /// <exception cref="BrokerException">The port cannot be had.</exception>
    public void Start()
    {
        try
        {
            _listener.Start();
        }
        catch (SocketException fault)
        {
            throw new BrokerException($"metrics.port {((IPEndPoint)_listener.LocalEndpoint).Port} cannot be opened on 127.0.0.1 ({fault.Message}); choose another, or leave metrics out.", fault);
        }

        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await _free.WaitAsync(_stop.Token);
            try
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (SocketException fault)
            {
                // Out of file handles, say: the house goes on, and so does this door once it can.
                HostingLog.NoMetrics(_log, fault.Message);
                _free.Release();
                await Task.Delay(Patience, _clock, _stop.Token);
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var deadline = new CancellationTokenSource(Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop.Token);
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                string request = await ReadAsync(stream, either.Token);
                await stream.WriteAsync(Respond(request), either.Token);
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Whoever asked has gone, or dawdles: nobody is left to tell.
        }
        finally
        {
            _free.Release();
        }
    }

    /// <returns>The head of the request, or what came of it within the limit.</returns>
    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[RequestBytesMax];
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            if (read == 0 || buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
            {
                break;
            }
        }

        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    private byte[] Respond(string request)
    {
        string[] first = request.Split("\r\n", 2)[0].Split(' ');
        var (status, body) = first switch
        {
            ["GET", "/metrics" or ['/', 'm', 'e', 't', 'r', 'i', 'c', 's', '?', ..], ['H', 'T', 'T', 'P', '/', ..]] when request.Contains("\r\n\r\n", StringComparison.Ordinal) => ("200 OK", _text()),
            ["GET", _, ['H', 'T', 'T', 'P', '/', ..]] => ("404 Not Found", "Ask for /metrics.\n"),
            [_, _, ['H', 'T', 'T', 'P', '/', ..]] => ("405 Method Not Allowed", "Ask with GET.\n"),
            _ => ("400 Bad Request", "This is no HTTP request.\n"),
        };
        byte[] content = Encoding.UTF8.GetBytes(body);
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n");
        return [.. head, .. content];
    }
}
