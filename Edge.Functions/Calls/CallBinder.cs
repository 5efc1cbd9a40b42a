using Edge.Functions.Catalog;
using Edge.Functions.Settings;

namespace Edge.Functions.Calls;

/// <summary>
/// From what somebody said to something that could be done. The grammar has promised much of this already; it is checked again, as
/// calls also come from hubs, rules and people.
/// </summary>
public sealed class CallBinder(FunctionCatalog catalog)
{
    public Binding Bind(FunctionCall call)
    {
        if (catalog.Find(call.Name) is not { } function)
        {
            return new Binding.Refused(Unknown(call.Name));
        }

        var (arguments, violation) = function.Schema.CheckArguments(call.Arguments);
        if (violation is not null)
        {
            return new Binding.Refused(new Denial(violation.Code, violation.Message));
        }

        return ActionPlanner.Plan(function, arguments) switch
        {
            { Denial: { } denial } => new Binding.Refused(denial),
            var plan => new Binding.Bound(new BoundCall(function, arguments, plan.Actions)),
        };
    }

    /// <summary>Whether a function of that name only reads.</summary>
    public bool IsReading(string name) => catalog.Find(name) is { IsReading: true };

    private Denial Unknown(string name)
    {
        var names = catalog.Functions.Select(f => f.Name).ToList();
        string shown = name.Length <= 60 ? name : name[..60] + "…";
        string wayOut = NearestName.Find(name, names) is { } nearest ? $"did you mean {nearest}?"
            : names.Count == 0 ? "declare devices in edge.yaml."
            : $"use one of {string.Join(", ", names.Take(12))}.";
        return new Denial("unknown-function", $"\"{shown.ReplaceLineEndings(" ")}\" is no function here; {wayOut}");
    }
}
