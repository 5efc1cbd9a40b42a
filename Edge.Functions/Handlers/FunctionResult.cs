using System.Text.Json.Nodes;
using Edge.Functions.Calls;

namespace Edge.Functions.Handlers;

/// <summary>What came of one call. Each kind can say itself to the model (<see cref="ToModel"/>) and to the user (<see cref="Sentence"/>).</summary>
public abstract record FunctionResult(string Name)
{
    /// <summary>One sentence for the user: what was measured, never what was claimed.</summary>
    public abstract string Sentence { get; }

    /// <summary>The compact JSON object the model reads as the result of its call.</summary>
    public abstract JsonObject ToModel();

    /// <summary>It ran; <paramref name="Values"/> hold what was read back (for example <c>{"temperature":21.5}</c> or <c>{"ok":true}</c>).</summary>
    public sealed record Done(string Name, JsonObject Values, string Said) : FunctionResult(Name)
    {
        public override string Sentence => Said;

        public override JsonObject ToModel() => (JsonObject)Values.DeepClone();
    }

    /// <summary>The gate or the binder refused; nothing moved.</summary>
    public sealed record Denied(string Name, Denial Denial) : FunctionResult(Name)
    {
        public override string Sentence => Denial.Message;

        public override JsonObject ToModel() => new() { ["error"] = Denial.Message };
    }

    /// <summary>The hardware did not do it, or a read-back differs; <paramref name="Error"/> is one sentence for the user.</summary>
    public sealed record Failed(string Name, string Error) : FunctionResult(Name)
    {
        public override string Sentence => Error;

        public override JsonObject ToModel() => new() { ["error"] = Error };
    }
}
