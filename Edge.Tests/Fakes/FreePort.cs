using System.Net;
using System.Net.Sockets;

namespace Edge.Tests.Fakes;

/// <summary>TCP ports of 127.0.0.1 that nobody uses, each given once, below those that the kernel gives to outgoing connections.</summary>
internal static class FreePort
{
    private static int s_last = 20_000 + (Environment.ProcessId * 97 % 10_000);

    public static int Find()
    {
        while (true)
        {
            int port = Interlocked.Increment(ref s_last);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's; the next one.
            }
        }
    }
}
