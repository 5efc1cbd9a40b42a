using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Server;
using MQTTnet.Server.Internal.Adapter;

namespace Edge.Runtime.Mqtt;

/// <summary>
/// Lets clients in that bring no id of their own, as <c>mosquitto_sub</c> does: MQTT 3.1.1 §3.1.3.1 and MQTT 5 §3.1.3.1 allow it with a
/// clean session, MQTTnet.Server 5.2 refuses it.
/// </summary>
internal sealed class NamelessClients : IMqttServerAdapter
{
    private readonly MqttTcpServerAdapter _tcp = new();

    public Func<IMqttChannelAdapter, Task> ClientHandler
    {
        get => _tcp.ClientHandler;
        set => _tcp.ClientHandler = channel => value(new NamingChannel(channel));
    }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger) => _tcp.StartAsync(options, logger);

    public Task StopAsync() => _tcp.StopAsync();

    public void Dispose() => _tcp.Dispose();

    /// <summary>MQTT 5 has a field in the answer for the name; MQTT 3.1.1 clients never learn theirs.</summary>
    public static Task NameAsync(ValidatingConnectionEventArgs connection)
    {
        if (string.IsNullOrEmpty(connection.ClientId) && connection.ProtocolVersion == MqttProtocolVersion.V500)
        {
            connection.AssignedClientIdentifier = NewName();
        }

        return Task.CompletedTask;
    }

    private static string NewName() => $"nameless-{Guid.NewGuid():N}";

    private sealed class NamingChannel(IMqttChannelAdapter channel) : IMqttChannelAdapter
    {
        public long BytesReceived => channel.BytesReceived;

        public long BytesSent => channel.BytesSent;

        public X509Certificate2 ClientCertificate => channel.ClientCertificate;

        public EndPoint RemoteEndPoint => channel.RemoteEndPoint;

        public EndPoint LocalEndPoint => channel.LocalEndPoint;

        public bool IsSecureConnection => channel.IsSecureConnection;

        public MqttPacketFormatterAdapter PacketFormatterAdapter => channel.PacketFormatterAdapter;

        public async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
        {
            var packet = await channel.ReceivePacketAsync(cancellationToken);
            if (packet is MqttConnectPacket { CleanSession: true } connect
                && string.IsNullOrEmpty(connect.ClientId)
                && channel.PacketFormatterAdapter.ProtocolVersion != MqttProtocolVersion.V500)
            {
                connect.ClientId = NewName();
            }

            return packet;
        }

        public Task ConnectAsync(CancellationToken cancellationToken) => channel.ConnectAsync(cancellationToken);

        public Task DisconnectAsync(CancellationToken cancellationToken) => channel.DisconnectAsync(cancellationToken);

        public void ResetStatistics() => channel.ResetStatistics();

        public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken) => channel.SendPacketAsync(packet, cancellationToken);

        public void Dispose() => channel.Dispose();
    }
}
