using Edge.Runtime.Commands;

namespace Edge.Runtime.Hosting;

/// <summary>Has the thread of the commands settle on the model's cores before its first command.</summary>
internal sealed class PinnedRunner(ICommandRunner inner, ulong cores) : ICommandRunner
{
    [ThreadStatic]
    private static bool s_isSettled;

    public Reply Run(Command command, CancellationToken cancellationToken)
    {
        if (!s_isSettled)
        {
            Cores.Settle(cores);
            s_isSettled = true;
        }

        return inner.Run(command, cancellationToken);
    }
}
