using CsCheck;
using Edge.Functions.Audit;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Safety;

/// <summary>Random houses, random model output: what moves has a permit in the log, and what is not exposed never moves.</summary>
public sealed class RandomHouseTests
{
    private static readonly string[] Kinds = ["light", "switch", "fan", "lock", "cover"];

    private static readonly Gen<string> Words = Of("\"d0\"", "\"d1\"", "\"d2\"", "\"d3\"", "\"all lights\"", "\"all fans\"", "\"open\"", "\"close\"", "true", "null", "7", "-1", "1e9", "[]", "{}", "\"\"", "\"D0\"");

    private static readonly Gen<string> Keys = Of("device", "lock", "cover", "action", "position", "light", "brightness", "times", "pin", "token");

    private static Gen<string> Of(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    [Fact]
    public void No_write_without_a_permit()
    {
        var house =
            from devices in Gen.Select(Gen.Int[0, Kinds.Length - 1], Gen.Bool, Gen.Bool).Array[1, 4]
            from calls in Gen.Select(Gen.Int[0, 20], Gen.Select(Keys, Words).Array[0, 2], Gen.Int[0, 3]).Array[1, 20]
            select (Devices: devices, Calls: calls);
        house.Sample(h => Holds(h.Devices, h.Calls), iter: Effort.Tries(usual: 80, full: 5000), threads: 1);
    }

    private static bool Holds((int Kind, bool Exposed, bool Confirms)[] devices, (int Function, (string Key, string Value)[] Arguments, int Seconds)[] calls)
    {
        using var folder = new TemporaryFolder();
        var declared = devices.Select((d, i) =>
            $"  - {{name: d{i}, kind: {Kinds[d.Kind]}, line: {10 + i}, expose: {(d.Exposed ? "true" : "false")}, confirm: {(d.Confirms ? "always" : "never")}}}");
        using var house = new TestHouse($"devices:\n{string.Join('\n', declared)}\naudit: {{folder: {folder.FullName}}}\n");
        var names = house.House.Catalog.Functions.Select(f => f.Name).Append("explode").ToArray();
        bool isClean = true;
        foreach (var (function, arguments, seconds) in calls)
        {
            int permits = Permits(folder);
            int writes = house.Lines.WriteCount;
            var result = house.Call(names[function % names.Length], "{" + string.Join(',', arguments.DistinctBy(a => a.Key).Select(a => $"\"{a.Key}\":{a.Value}")) + "}");
            bool wrote = house.Lines.WriteCount != writes;
            isClean &= !wrote || (result is FunctionResult.Done or FunctionResult.Failed && Permits(folder) == permits + 1);
            for (int i = 0; i < devices.Length; i++)
            {
                isClean &= (devices[i].Exposed && !devices[i].Confirms) || !house.Lines.IsHigh(10 + i);
            }

            house.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        return isClean && AuditReader.Verify(folder.FullName).Faults.Count == 0;
    }

    private static int Permits(TemporaryFolder folder) =>
        AuditReader.Last(folder.FullName, 1000).Count(l => l.Entry.GetProperty("kind").GetString() == "permit");
}
