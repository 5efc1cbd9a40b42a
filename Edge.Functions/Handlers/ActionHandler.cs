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
        var device = Find(action);
        if (!action.Moves)
        {
            return Guarded(device, () => device.Read(cancellationToken));
        }

        if (!ActionEffect.IsNoChange(action, device.State))
        {
            device.CountMove();
        }

        return Guarded(device, () => device.Do(action, permit), "did not follow");
    }

    /// <summary>The state a device with feedback came to; what it already says for others.</summary>
    /// <exception cref="HardwareFault">It did not come where it was sent.</exception>
    public DeviceState Settle(DeviceAction action, CancellationToken cancellationToken)
    {
        var device = Find(action);
        return Guarded(device, () => device.Settle(cancellationToken), "did not follow");
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

    private Device Find(DeviceAction action) => registry.Find(action.Device.Name) ?? throw new HardwareFault($"{action.Device.Name} is offline.");

    private static DeviceState Guarded(Device device, Func<DeviceState> act, string? verb = null)
    {
        try
        {
            return act();
        }
        catch (HardwareFault e) when (verb is not null)
        {
            throw new HardwareFault($"{Sentences.Capital(device.Name)} {verb}: {e.Message}", e);
        }
        catch (ObjectDisposedException e)
        {
            throw new HardwareFault($"{Sentences.Capital(device.Name)} is offline, the service stops.", e);
        }
    }
}
