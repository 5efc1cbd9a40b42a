using Edge.Functions.Catalog;
using Edge.Runtime.Commands;

namespace Edge.Runtime.Hosting;

/// <summary>What answers commands: the house and the model, put together. Disposing it puts the lines into their safe state.</summary>
/// <param name="Runner">Answers one command at a time.</param>
/// <param name="Functions">What the model may call.</param>
/// <param name="Model">For the user: name and bits.</param>
/// <param name="House">For the user: how many devices, on what lines.</param>
/// <param name="Owned">Disposed in the given order.</param>
public sealed record Engine(
    ICommandRunner Runner,
    IReadOnlyList<FunctionDefinition> Functions,
    string Model,
    string House,
    IReadOnlyList<IDisposable> Owned) : IDisposable
{
    public void Dispose()
    {
        foreach (var part in Owned)
        {
            part.Dispose();
        }
    }
}
