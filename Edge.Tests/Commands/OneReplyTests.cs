using CsCheck;
using Edge.Runtime.Commands;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Commands;

/// <summary>One command in, exactly one reply out, whatever the runner does and whenever the service stops.</summary>
public class OneReplyTests
{
    private enum Behaviour
    {
        Answers,
        Throws,
        GivesNothing,
        WaitsForCancellation,
        AnswersWhenCancelled,
        Sticks,
    }

    [Fact]
    public void Every_command_gets_one_reply_and_is_started_once_at_most()
    {
        var behaviour = Gen.Int[0, 5].Select(b => (Behaviour)b);
        var command = Gen.Select(behaviour, Gen.Int[0, 6]);
        Gen.Select(command.Array[1, 12], Gen.Int[1, 6], Gen.Bool).Sample(
            (commands, capacity, stops) => Check(commands, capacity, stops),
            iter: 200,
            threads: 1);
    }

    private static bool Check((Behaviour Does, int Seconds)[] commands, int capacity, bool stops)
    {
        var clock = new FakeTimeProvider();
        using var open = new ManualResetEventSlim();
        var runner = new ScriptedRunner((c, cancelled) => Do(commands[int.Parse(c.Id, System.Globalization.CultureInfo.InvariantCulture)].Does, c, open, cancelled));
        using var worker = new CommandWorker(new CommandQueue(capacity), runner, clock);
        worker.Start();
        var replies = commands.Select((c, i) =>
        {
            var now = clock.GetUtcNow();
            return worker.SubmitAsync(new Command($"{i}", "do it", now, now + TimeSpan.FromSeconds(c.Seconds), "test"));
        }).ToArray();
        if (stops)
        {
            open.Set();
            worker.Stop();
        }

        while (!Array.TrueForAll(replies, r => r.IsCompleted))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            Thread.Yield();
        }

        open.Set();
        worker.Stop();
        var started = runner.Started.ToArray();
        return replies.Select((r, i) => r.Result.Id == $"{i}").All(same => same)
            && started.Distinct().Count() == started.Length
            && replies.All(r => r.Result.Status != ReplyStatus.Busy || !started.Contains(r.Result.Id));
    }

    private static Reply Do(Behaviour behaviour, Command command, ManualResetEventSlim open, CancellationToken cancelled)
    {
        switch (behaviour)
        {
            case Behaviour.Throws:
                throw new IOException("The line broke.");
            case Behaviour.GivesNothing:
                return null!;
            case Behaviour.WaitsForCancellation:
                cancelled.WaitHandle.WaitOne();
                throw new OperationCanceledException(cancelled);
            case Behaviour.AnswersWhenCancelled:
                cancelled.WaitHandle.WaitOne();
                break;
            case Behaviour.Sticks:
                open.Wait(CancellationToken.None);
                break;
        }

        return ScriptedRunner.Said(command, "Done.");
    }
}
