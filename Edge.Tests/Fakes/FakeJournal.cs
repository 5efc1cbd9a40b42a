using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Edge.Tests.Fakes;

/// <summary>A datagram socket where journald would have one, and a reader of its native protocol.</summary>
internal sealed class FakeJournal : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public FakeJournal()
    {
        Path = _folder.File("socket");
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
    }

    public string Folder => _folder.FullName;

    public string Path { get; }

    public int Waiting => _socket.Available;

    public async Task<IReadOnlyDictionary<string, string>> NextAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 18];
        int length = await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        return Read(buffer.AsSpan(0, length));
    }

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }

    /// <summary>Written after systemd's description, with nothing of Edge's.</summary>
    private static Dictionary<string, string> Read(ReadOnlySpan<byte> record)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (record.Length > 0)
        {
            int line = record.IndexOf((byte)'\n');
            var head = record[..line];
            record = record[(line + 1)..];
            int equals = head.IndexOf((byte)'=');
            if (equals >= 0)
            {
                fields.Add(Encoding.UTF8.GetString(head[..equals]), Encoding.UTF8.GetString(head[(equals + 1)..]));
                continue;
            }

            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(record));
            fields.Add(Encoding.UTF8.GetString(head), Encoding.UTF8.GetString(record.Slice(8, length)));
            if (record[8 + length] != (byte)'\n')
            {
                throw new FormatException("A value of several lines must end with a line end of its own.");
            }

            record = record[(8 + length + 1)..];
        }

        return fields;
    }
}
