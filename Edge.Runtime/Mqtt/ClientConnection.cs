using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;

namespace Edge.Runtime.Mqtt;

/// <summary>How to reach the broker: address, TLS, and who one is.</summary>
internal static class ClientConnection
{
    /// <exception cref="BrokerException">A certificate, a key or the password cannot be read.</exception>
    public static MqttClientOptionsBuilder ForBroker(this MqttClientOptionsBuilder builder, MqttOptions options)
    {
        builder.WithProtocolVersion(MqttProtocolVersion.V500).WithTcpServer(options.Host, options.Port);
        if (options.User is { } user)
        {
            builder.WithCredentials(user, PasswordFile.Read(options));
        }

        // The embedded broker's own machine needs none.
        if (options.Tls is { } tls && !options.Embedded)
        {
            try
            {
                builder.WithTlsOptions(Tls(tls, options.Host));
            }
            catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw new BrokerException($"The files of mqtt.tls cannot be used ({fault.Message}); they must be PEM, and the service's user must be able to read them.", fault);
            }
        }

        return builder;
    }

    private static MqttClientTlsOptions Tls(TlsOptions tls, string host)
    {
        var options = new MqttClientTlsOptionsBuilder().UseTls().WithTargetHost(host);
        if (tls.CaFile is { } ca)
        {
            // Only this authority: a certificate of any other is refused, also one the system trusts.
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(ca);
            options.WithTrustChain(authorities);
        }

        if (tls.CertificateFile is { } certificate)
        {
            options.WithClientCertificates([X509Certificate2.CreateFromPemFile(certificate, tls.KeyFile)]);
        }

        return options.Build();
    }
}
