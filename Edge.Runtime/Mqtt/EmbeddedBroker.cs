using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Edge.Runtime.Mqtt;

/// <summary>A broker inside the service, for homes without one. It serves this machine, or the whole network to those who have the password.</summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    private readonly MqttServer _server;
    private readonly MqttOptions _options;
    private bool _disposed;

    /// <exception cref="BrokerException">The certificate cannot be used.</exception>
    public EmbeddedBroker(MqttOptions options)
    {
        _options = options;
        var endpoint = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(options.Tls is null ? IPAddress.Parse(options.Listen) : IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(options.Port);
        if (options.Tls is { } tls)
        {
            // With TLS the network gets nothing else; this machine keeps the plain port.
            endpoint
                .WithEncryptedEndpoint()
                .WithEncryptedEndpointBoundIPAddress(IPAddress.Parse(options.Listen))
                .WithEncryptedEndpointBoundIPV6Address(IPAddress.None)
                .WithEncryptedEndpointPort(tls.Port)
                .WithEncryptionCertificate(ReadCertificate(tls));
        }

        _server = new MqttServerFactory().CreateMqttServer(endpoint.Build(), [new NamelessClients()]);
        _server.ValidatingConnectionAsync += NamelessClients.NameAsync;
        if (options.User is not null)
        {
            _server.ValidatingConnectionAsync += CheckAsync;
        }
    }

    /// <exception cref="BrokerException">The port cannot be opened.</exception>
    public async Task StartAsync()
    {
        try
        {
            await _server.StartAsync();
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new BrokerException(
                $"Port {_options.Port} on {_options.Listen} is in use, perhaps by another broker; set mqtt.embedded: false to use that one, or mqtt.port to a free port.", fault);
        }
        catch (SocketException fault)
        {
            throw new BrokerException($"Port {_options.Port} on {_options.Listen} cannot be opened ({fault.Message}); set mqtt.port to another.", fault);
        }
    }

    private static X509Certificate2 ReadCertificate(TlsOptions tls)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(tls.CertificateFile!, tls.KeyFile);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new BrokerException($"The files of mqtt.tls cannot be used ({fault.Message}); they must be PEM, and the service's user must be able to read them.", fault);
        }
    }

    /// <summary>One user, one password, compared in a time that does not tell how much of it was right.</summary>
    private Task CheckAsync(ValidatingConnectionEventArgs connection)
    {
        byte[] password = PasswordFile.Read(_options);
        if (connection.UserName != _options.User || !CryptographicOperations.FixedTimeEquals(connection.RawPassword ?? [], password))
        {
            connection.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
        }

        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_server.IsStarted)
        {
            await _server.StopAsync();
        }

        _server.Dispose();
    }
}
