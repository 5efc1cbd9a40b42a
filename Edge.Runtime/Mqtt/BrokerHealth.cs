using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt;

/// <summary>Asks the broker how an Edge is: its availability and its status, both retained.</summary>
/// <param name="Availability"><c>online</c>, <c>offline</c>; null when the broker knows nothing of it.</param>
/// <param name="Status">JSON; null when there is none.</param>
public sealed record BrokerHealth(string? Availability, string? Status)
{
    /// <exception cref="BrokerException">The broker cannot be reached.</exception>
    public static async Task<BrokerHealth> AskAsync(MqttOptions broker, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        var topics = new Topics(broker.Id);
        string? availability = null, status = null;
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var mqtt = new MqttClientFactory().CreateMqttClient();
        mqtt.ApplicationMessageReceivedAsync += received =>
        {
            string text = received.ApplicationMessage.ConvertPayloadToString() ?? "";
            if (received.ApplicationMessage.Topic == topics.Availability)
            {
                availability = text;
            }
            else
            {
                status = text;
            }

            if (availability is not null && status is not null)
            {
                both.TrySetResult();
            }

            return Task.CompletedTask;
        };
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await BrokerRequest.ConnectAsync(mqtt, broker, $"health-{Guid.NewGuid().ToString("N")[..12]}", either.Token);
            await mqtt.SubscribeAsync(topics.Availability, MqttQualityOfServiceLevel.AtLeastOnce, either.Token);
            await mqtt.SubscribeAsync(topics.Status, MqttQualityOfServiceLevel.AtLeastOnce, either.Token);
            await both.Task.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && mqtt.IsConnected)
        {
            // What is not retained does not come; the caller sees what did.
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new BrokerException($"The broker at {broker.Host}:{broker.Port} did not let in within {timeout.TotalSeconds:0.#} s; is it overloaded?");
        }
        finally
        {
            if (mqtt.IsConnected)
            {
                await mqtt.TryDisconnectAsync();
            }
        }

        return new(availability, status);
    }
}
