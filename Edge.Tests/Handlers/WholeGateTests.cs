using CsCheck;
using Edge.Functions.Audit;
using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Runtime.Commands;
using Edge.Runtime.Inference;
using Edge.Runtime.Prompts;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Handlers;

/// <summary>The gate under every path at once: a model that says anything its grammar allows, a hub's settings, and timers.</summary>
public sealed class WholeGateTests
{
    private static readonly string[] Kinds = ["light", "switch", "fan", "lock", "cover"];

    /// <summary>Random catalogues, and a model that decodes by chance under the catalogue's own grammar, through the real pipeline.</summary>
    [Fact]
    public void Whatever_a_model_says_under_its_grammar_no_write_is_without_a_permit()
    {
        int moved = 0;
        Gen.Select(Gen.Select(Gen.Int[0, Kinds.Length - 1], Gen.Bool, Gen.Bool).Array[1, 4], Gen.Int[0, 1_000_000]).Sample(
            (devices, seed) => Holds(devices, seed, ref moved),
            iter: Effort.Tries(usual: 8, full: 300),
            threads: 1);
        Assert.True(moved > 0, "Nothing moved in any house: the test would see nothing.");
    }

    /// <summary>
    /// Three callers on threads of their own, a fourth that lets time pass (and so runs the timers), and a watch on the chip itself: it sees
    /// each write as it happens.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Callers_at_once_never_have_two_of_a_group_on(int seed)
    {
        using var house = new TestHouse("""
            devices:
              - {name: heat, kind: switch, line: 17, onMax: 3s, confirm: never}
              - {name: cool, kind: switch, line: 27}
              - {name: vent, kind: switch, line: 22, pulseMax: 2s}
            safety: {interlocks: [{devices: [heat, cool, vent], dwell: 1s}]}
            """);
        house.Clock.Advance(TimeSpan.FromSeconds(2));
        var on = new HashSet<int>();
        var starts = new Dictionary<int, int>();
        string? fault = null;
        house.Lines.LevelChanged += (line, high) =>
        {
            lock (on)
            {
                _ = high ? on.Add(line) : on.Remove(line);
                starts[line] = starts.GetValueOrDefault(line) + (high ? 1 : 0);
                if (on.Count > 1)
                {
                    fault ??= $"On together: {string.Join(", ", on)}.";
                }
            }
        };
        using var model = new LanguageModel(new RandomDecoder(ShippedModel.Tokenizer.Vocabulary.Count, seed), ShippedModel.Tokenizer, TimeProvider.System);
        var words = new CallerRunner(house.House.Dispatcher, TimeProvider.System);
        words.Words = new CommandPipeline(model, new EdgeTemplate(ShippedModel.Tokenizer), house.House.Catalog, words.Invoke, new PipelineOptions(), TimeProvider.System);
        var token = TestContext.Current.CancellationToken;
        using var done = new CancellationTokenSource();
        bool HasSeenEnough()
        {
            lock (on)
            {
                return starts.Values.Sum() > 10 && starts.Count(s => s.Value > 0) > 1;
            }
        }

        var callers = Enumerable.Range(0, 2).Select(n => Task.Run(() => Settings(house, new Random((seed * 10) + n), new Caller($"hub {n}"), HasSeenEnough), token)).ToArray();
        var speaker = Task.Run(
            () =>
            {
                for (int i = 0; i < Effort.Tries(usual: 4, full: 60); i++)
                {
                    words.Run(new Command($"{i}", "do anything", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, "model"), token);
                }
            },
            token);
        var time = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    house.Clock.Advance(TimeSpan.FromMilliseconds(50));
                    Thread.Yield();
                }
            },
            token);
        await Task.WhenAll([.. callers, speaker]);
        await done.CancelAsync();
        await time;
        Assert.Null(fault);
        Assert.True(HasSeenEnough(), "Hardly anything moved: the test would see nothing.");
    }

    /// <summary>So many settings, and more where the machine is so busy that little has moved by then.</summary>
    private static void Settings(TestHouse house, Random random, Caller caller, Func<bool> hasSeenEnough)
    {
        string[] names = ["heat", "cool", "vent"];
        for (int i = 0; i < Effort.Tries(usual: 200, full: 4000) || (i < 100_000 && !hasSeenEnough()); i++)
        {
            var device = house.Device(names[random.Next(3)]).Declaration;
            DeviceAction action = random.Next(4) == 0 ? new DeviceAction.Pulse(device, TimeSpan.FromMilliseconds(100 * random.Next(1, 20))) : new DeviceAction.SwitchTo(device, random.Next(2) == 0);
            house.House.Dispatcher.Invoke(action, caller, null, TestContext.Current.CancellationToken);
            Thread.Yield();
        }
    }

    private static bool Holds((int Kind, bool Exposed, bool Confirms)[] devices, int seed, ref int moved)
    {
        using var folder = new TemporaryFolder();
        var declared = devices.Select((d, i) =>
            $"  - {{name: d{i}, kind: {Kinds[d.Kind]}, line: {10 + i}, expose: {(d.Exposed ? "true" : "false")}, confirm: {(d.Confirms ? "always" : "never")}}}");
        using var house = new TestHouse($"devices:\n{string.Join('\n', declared)}\naudit: {{folder: {folder.FullName}}}\n");
        if (house.House.Catalog.Functions.Count == 0)
        {
            return true;
        }

        using var model = new LanguageModel(new RandomDecoder(ShippedModel.Tokenizer.Vocabulary.Count, seed), ShippedModel.Tokenizer, TimeProvider.System);
        bool isClean = true;
        int changes = 0;
        var pipeline = new CommandPipeline(
            model,
            new EdgeTemplate(ShippedModel.Tokenizer),
            house.House.Catalog,
            call =>
            {
                int permits = Permits(folder);
                int writes = house.Lines.WriteCount;
                var result = house.House.Dispatcher.Invoke(call, TestContext.Current.CancellationToken);
                bool wrote = house.Lines.WriteCount != writes;
                changes += wrote ? 1 : 0;
                isClean &= !wrote || Permits(folder) == permits + 1;
                return result;
            },
            new PipelineOptions(TokensMax: 64),
            TimeProvider.System);
        for (int i = 0; i < 4; i++)
        {
            pipeline.Run(new Command($"{i}", "do anything", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, "test"), TestContext.Current.CancellationToken);
            for (int d = 0; d < devices.Length; d++)
            {
                isClean &= (devices[d].Exposed && !devices[d].Confirms) || !house.Lines.IsHigh(10 + d);
            }

            house.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        moved += changes;
        return isClean && AuditReader.Verify(folder.FullName).Faults.Count == 0;
    }

    private static int Permits(TemporaryFolder folder) =>
        AuditReader.Last(folder.FullName, 1000).Count(l => l.Entry.GetProperty("kind").GetString() == "permit");
}
