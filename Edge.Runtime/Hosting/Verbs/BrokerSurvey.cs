using System.Net.Sockets;
using Edge.Functions.Survey;
using Edge.Runtime.Mqtt;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary>The part of <c>edge check</c> about the broker: whether it answers, and whether it lets Edge in.</summary>
internal static class BrokerSurvey
{
    private const string Topic = "broker";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<Finding> LookAsync(MqttOptions mqtt, CancellationToken cancellationToken)
    {
        string at = $"{mqtt.Host}:{mqtt.Port}";
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        string? silent = null;
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(mqtt.Host, mqtt.Port, deadline.Token);
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            silent = fault is SocketException ? fault.Message : $"no answer within {Patience.TotalSeconds:0} s";
        }

        return (mqtt.Embedded, silent) switch
        {
            (true, null) => new Finding(Topic, $"embedded; something listens on port {mqtt.Port} already", "fine if that is Edge (edge health); another broker there: set mqtt.embedded: false"),
            (true, _) => new Finding(Topic, $"embedded; port {mqtt.Port} is free for it"),

            // No fault: Edge starts without its broker and keeps trying.
            (false, not null) => new Finding(Topic, $"{at} does not answer ({silent})", "start it, open its port (mosquitto: listener 1883), or name another in mqtt.host"),
            _ => await KnockAsync(mqtt, at, cancellationToken),
        };
    }

    /// <summary>User, password, certificates: what keeps Edge out stays so until somebody mends it.</summary>
    private static async Task<Finding> KnockAsync(MqttOptions mqtt, string at, CancellationToken cancellationToken)
    {
        try
        {
            await BrokerHealth.AskAsync(mqtt, Patience, TimeProvider.System, cancellationToken);
            return new Finding(Topic, $"{at} answers and lets Edge in");
        }
        catch (BrokerException fault)
        {
            int end = fault.Message.LastIndexOf("; ", StringComparison.Ordinal);
            return end < 0
                ? new Finding(Topic, fault.Message, "look at mqtt.user, mqtt.passwordFile and mqtt.tls") { IsFault = true }
                : new Finding(Topic, fault.Message[..end], fault.Message[(end + 2)..].TrimEnd('.')) { IsFault = true };
        }
    }
}
