using System.Security.Cryptography;
using Edge.Functions.Gpio;

namespace Edge.Functions.Devices.Boards;

/// <summary>
/// A device of another board. That board's gate decides and its hardware acts; here it is asked and its answer kept. Its safe value is its
/// board's business, also when this one stops.
/// </summary>
/// <param name="ask">Carries a call; its task always ends, with <see cref="BoardAnswer.Failed"/> when the board stays silent.</param>
/// <param name="within">How long a call may wait.</param>
public sealed class BoardDevice(DeviceDeclaration declaration, Func<BoardCall, Task<BoardAnswer>> ask, TimeSpan within, TimeProvider clock) : Device(declaration, clock)
{
    // A call's Do and Settle run on one thread, and calls of several threads must not settle for each other.
    private readonly ThreadLocal<Asking?> _asked = new();

    private string Board => Declaration.Board!;

    /// <summary>Asks the board to measure now.</summary>
    public override DeviceState Read(CancellationToken cancellationToken = default)
    {
        DeviceAction read = Declaration.Can(DeviceSkills.Measure) ? new DeviceAction.Measure(Declaration) : new DeviceAction.ReadState(Declaration);
        return Wait(new Asking(read, ask(new BoardCall(Board, RandomId(), read, Errand.None.Caller, null, within))), cancellationToken);
    }

    /// <summary>What the board last reported: a gate must not wait for the network.</summary>
    public override DeviceState Measure() => State;

    /// <summary>Sends the call; <see cref="Settle"/> waits for the answer.</summary>
    public override DeviceState Do(DeviceAction action, Permit permit)
    {
        permit.Demand(Name);
        var errand = permit.Errand;
        string id = errand.IdOf?.Invoke(action.ToText()) ?? RandomId();
        _asked.Value = new Asking(action, ask(new BoardCall(Board, id, action, errand.Caller, errand.TokenFor(Name), within)));
        return State;
    }

    /// <exception cref="BoardObjectionException">The board's gate refused, or asks back.</exception>
    public override DeviceState Settle(CancellationToken cancellationToken)
    {
        if (_asked.Value is not { } asking)
        {
            return State;
        }

        _asked.Value = null;
        return Wait(asking, cancellationToken);
    }

    /// <summary>The board reported how the device stands.</summary>
    public void Report(DeviceState state) => Keep(state);

    /// <summary>Nothing to do: the board looks after itself.</summary>
    public override void GoSafe()
    {
    }

    protected override void Dispose(bool disposing) => _asked.Dispose();

    private static string RandomId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private DeviceState Wait(Asking asking, CancellationToken cancellationToken)
    {
        asking.Answer.Wait(cancellationToken);
        return asking.Answer.Result switch
        {
            BoardAnswer.Done done => Keep(done.State),
            BoardAnswer.Failed failed => throw new HardwareFault(failed.Error),
            var objection => throw new BoardObjectionException(asking.Action, objection),
        };
    }

    private sealed record Asking(DeviceAction Action, Task<BoardAnswer> Answer);
}
