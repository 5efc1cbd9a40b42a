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

    /// <summary>Somebody has to say yes first; nothing moved. The token is for the caller and never for the model.</summary>
    /// <param name="Question">With how to answer.</param>
    /// <param name="Token">Sent back with the same call, or alone in place of a yes; null where only the PIN answers.</param>
    public sealed record Asked(string Name, string Question, string? Token, DateTimeOffset ExpiresAt) : FunctionResult(Name)
    {
        public override string Sentence => Question;

        public override JsonObject ToModel() => new() { ["error"] = "The user has to confirm this." };
    }

    /// <summary>The hardware did not do it, or a read-back differs; <paramref name="Error"/> is one sentence for the user.</summary>
    public sealed record Failed(string Name, string Error) : FunctionResult(Name)
    {
        public override string Sentence => Error;

        public override JsonObject ToModel() => new() { ["error"] = Error };
    }
}
