using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Safety;

namespace Edge.Functions.Handlers;

/// <summary>Carries out one permitted action.</summary>
internal sealed class ActionHandler(DeviceRegistry registry, TimeSpan publishDeadline, TimeProvider clock)
{
    public IMessagePublisher? Publisher { get; set; }

    /// <returns>The state read back.</returns>
    /// <exception cref="HardwareFault">It was not done; the message is one sentence for the user.</exception>
    public DeviceState Do(DeviceAction action, PermittedCall permit, CancellationToken cancellationToken)
    {
        var device = registry.Find(action.Device.Name) ?? throw new HardwareFault($"{action.Device.Name} is offline.");
        try
        {
            return action.Moves ? device.Do(action, permit) : device.Read(cancellationToken);
        }
        catch (HardwareFault e) when (action.Moves)
        {
            throw new HardwareFault($"{Sentences.Capital(device.Name)} did not follow: {e.Message}", e);
        }
        catch (ObjectDisposedException e)
        {
            throw new HardwareFault($"{Sentences.Capital(device.Name)} is offline, the service stops.", e);
        }
    }

    /// <exception cref="HardwareFault">The broker did not take the message in time.</exception>
    public void Publish(PublishAction message, CancellationToken cancellationToken)
    {
        var publisher = Publisher ?? throw new HardwareFault($"No broker is connected, so nothing was sent to {message.Topic}.");
        try
        {
            publisher.PublishAsync(message.Topic, message.Payload, message.Retain, cancellationToken)
                .WaitAsync(publishDeadline, clock, cancellationToken).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is TimeoutException or IOException or InvalidOperationException)
        {
            throw new HardwareFault($"The broker did not take the message for {message.Topic}: {e.Message}", e);
        }
    }
}
