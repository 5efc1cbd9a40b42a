namespace Edge.Functions.Calls;

/// <summary>What binding made of a call: a <see cref="BoundCall"/> or a <see cref="Calls.Denial"/>.</summary>
public abstract record Binding
{
    private Binding()
    {
    }

    public sealed record Bound(BoundCall Call) : Binding;

    public sealed record Refused(Denial Denial) : Binding;
}
