using System.Net.Sockets;

namespace Edge.Runtime.Hosting.Journal;

/// <summary>Journald's socket for records. Never waits: a journal that is stuck must hold up no line, so that a record it does not take is lost and counted.</summary>
internal sealed class JournalSocket : IDisposable
{
    public const string Usual = "/run/systemd/journal/socket";

    // Not connected: journald may be restarted under us.
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    private readonly UnixDomainSocketEndPoint _journal;

    private JournalSocket(string path) => _journal = new UnixDomainSocketEndPoint(path);

    /// <returns>Null where there is no such socket.</returns>
    public static JournalSocket? Open(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return new JournalSocket(path);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <returns>Whether it was taken.</returns>
    public bool TrySend(ReadOnlySpan<byte> record)
    {
        try
        {
            return _socket.SendTo(record, SocketFlags.None, _journal) == record.Length;
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();
}
