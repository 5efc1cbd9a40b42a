using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Safety;

namespace Edge.Functions.Handlers;

/// <summary>Measures what a verdict hangs on, then has it judged. To be used with the dispatcher's lock held.</summary>
internal sealed class Gate(SafetyPolicy policy, DeviceRegistry registry, Safeguards safeguards, TimeProvider clock)
{
    public Verdict Judge(BoundCall call, bool isConfirmed)
    {
        foreach (string name in policy.Concerned(call))
        {
            registry.Find(name)?.Measure();
        }

        return policy.Check(call, clock.GetUtcNow(), registry.Snapshot(safeguards.IsTooHot), isConfirmed);
    }

    /// <summary>One action of a call that is under way, judged by what its earlier actions really made of the house.</summary>
    public Verdict JudgeAgain(BoundCall call, DeviceAction action) => Judge(call with { Actions = [action] }, isConfirmed: true);
}
