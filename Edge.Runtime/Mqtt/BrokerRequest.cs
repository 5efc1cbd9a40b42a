using System.Text;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt;

/// <summary>Sends one command as any client would and waits for its reply: MQTT 5 response topic and correlation data.</summary>
public static class BrokerRequest
{
    /// <returns>The reply's JSON.</returns>
    /// <exception cref="BrokerException">No broker, nobody listening, or no reply in time; one line with the way out.</exception>
    public static async Task<string> AskAsync(MqttOptions broker, string text, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        var topics = new Topics(broker.Id);
        string at = $"{broker.Host}:{broker.Port}";
        string client = Guid.NewGuid().ToString("N")[..12];
        byte[] correlation = Encoding.ASCII.GetBytes(client);
        var reply = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var mqtt = new MqttClientFactory().CreateMqttClient();
        mqtt.ApplicationMessageReceivedAsync += received =>
        {
            if (received.ApplicationMessage.CorrelationData.AsSpan().SequenceEqual(correlation))
            {
                reply.TrySetResult(received.ApplicationMessage.ConvertPayloadToString());
            }

            return Task.CompletedTask;
        };
        mqtt.DisconnectedAsync += _ =>
        {
            reply.TrySetException(new BrokerException($"The broker at {at} closed the connection before the reply came; send the command again."));
            return Task.CompletedTask;
        };

        using var deadline = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await ConnectAsync(mqtt, broker, client, either.Token);
            await mqtt.SubscribeAsync(topics.ReplyTo(client), MqttQualityOfServiceLevel.AtLeastOnce, either.Token);
            var sent = await mqtt.PublishAsync(Command(topics, client, text, correlation, timeout), either.Token);
            if (sent.ReasonCode == MqttClientPublishReasonCode.NoMatchingSubscribers)
            {
                throw new BrokerException($"Nobody takes commands on {topics.Command} at {at}; start Edge with `edge run`, or name another with --id.");
            }

            if (!sent.IsSuccess)
            {
                throw new BrokerException($"The broker at {at} refuses commands on {topics.Command} ({sent.ReasonCode}); allow them in its access list.");
            }

            return await reply.Task.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new BrokerException($"No reply came on {topics.ReplyTo(client)} within {timeout.TotalSeconds:0.#} s; look at Edge's log, or wait longer with --timeout.");
        }
        finally
        {
            if (mqtt.IsConnected)
            {
                await mqtt.TryDisconnectAsync();
            }
        }
    }

    internal static async Task ConnectAsync(IMqttClient mqtt, MqttOptions broker, string client, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await mqtt.ConnectAsync(
                new MqttClientOptionsBuilder()
                    .ForBroker(broker)
                    .WithClientId($"edge-send-{client}")
                    .Build(),
                cancellationToken);
            if (answer.ResultCode != MqttClientConnectResultCode.Success)
            {
                throw new BrokerException($"The broker at {broker.Host}:{broker.Port} lets nobody in like this ({answer.ResultCode}); give mqtt.user and mqtt.passwordFile in the settings, and name those with --config.");
            }
        }
        catch (Exception fault) when (fault is MqttCommunicationException or MqttConnectingFailedException)
        {
            throw new BrokerException(
                $"No broker answers at {broker.Host}:{broker.Port} ({(fault.InnerException ?? fault).Message}); start one with `edge run`, or name another with --host and --port.", fault);
        }
    }

    private static MqttApplicationMessage Command(Topics topics, string client, string text, byte[] correlation, TimeSpan expiry) => new MqttApplicationMessageBuilder()
        .WithTopic(topics.Command)
        .WithPayload(text)
        .WithContentType("text/plain")
        .WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData)
        .WithResponseTopic(topics.ReplyTo(client))
        .WithCorrelationData(correlation)
        .WithUserProperty(ClientName.Property, "edge-send"u8.ToArray())
        .WithMessageExpiryInterval((uint)Math.Max(1, Math.Ceiling(expiry.TotalSeconds)))
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build();
}
