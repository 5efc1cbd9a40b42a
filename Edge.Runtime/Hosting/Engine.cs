using Edge.Functions;
using Edge.Functions.Catalog;
using Edge.Runtime.Commands;

namespace Edge.Runtime.Hosting;

/// <summary>What answers commands: the house and a model for it.</summary>
/// <param name="house">Taken over, and its disposal: lines go to their safe state.</param>
/// <param name="runner">Answers one command at a time.</param>
/// <param name="model">For the user: name and bits.</param>
/// <param name="owned">What the runner needs until the end; null for nothing.</param>
public sealed class Engine(House house, ICommandRunner runner, string model, IDisposable? owned = null) : IDisposable
{
    public House House { get; } = house;

    public ICommandRunner Runner { get; } = runner;

    public string Model { get; } = model;

    /// <summary>Why the model could not work with functions; null when it can.</summary>
    public Func<IReadOnlyList<FunctionDefinition>, string?> Objection { get; init; } = _ => null;

    public void Dispose()
    {
        House.Dispose();
        owned?.Dispose();
    }
}
