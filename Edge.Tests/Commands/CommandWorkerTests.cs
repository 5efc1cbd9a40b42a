using Edge.Runtime.Commands;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Commands;

public sealed class CommandWorkerTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualResetEventSlim _open = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _open.Set();
        _open.Dispose();
    }

    [Fact]
    public async Task A_command_gets_the_runners_reply_under_its_own_id()
    {
        using var worker = Start(new ScriptedRunner((c, _) => ScriptedRunner.Said(c with { Id = "another" }, "Done.")));
        var reply = await worker.SubmitAsync(Command("a"));
        Assert.Equal(("a", ReplyStatus.Ok, "Done."), (reply.Id, reply.Status, reply.Sentence));
    }

    [Fact]
    public async Task A_full_queue_answers_busy_at_once_and_keeps_what_it_has()
    {
        var runner = new ScriptedRunner(WaitUntilOpen);
        using var worker = Start(runner, capacity: 2);
        var running = worker.SubmitAsync(Command("running"));
        await runner.BegunAsync(Token);
        var waiting = new[] { worker.SubmitAsync(Command("1")), worker.SubmitAsync(Command("2")) };

        var refused = worker.SubmitAsync(Command("3"));
        Assert.True(refused.IsCompleted);
        Assert.Equal(ReplyStatus.Busy, (await refused).Status);

        _open.Set();
        await running;
        await Task.WhenAll(waiting);
        Assert.Equal(["running", "1", "2"], runner.Started);
    }

    [Fact]
    public async Task An_exception_becomes_an_error_of_one_line()
    {
        using var worker = Start(new ScriptedRunner((_, _) => throw new InvalidDataException("broken\nin two lines")));
        var reply = await worker.SubmitAsync(Command("a"));
        Assert.Equal((ReplyStatus.Error, "Something inside broke: broken in two lines"), (reply.Status, reply.Sentence));
    }

    [Fact]
    public async Task No_reply_from_the_runner_is_an_error_too()
    {
        using var worker = Start(new ScriptedRunner((_, _) => null!));
        Assert.Equal(ReplyStatus.Error, (await worker.SubmitAsync(Command("a"))).Status);
    }

    [Fact]
    public async Task A_command_that_waits_past_its_deadline_is_answered_then_and_never_started()
    {
        var runner = new ScriptedRunner(WaitUntilOpen);
        using var worker = Start(runner);
        var running = worker.SubmitAsync(Command("running", seconds: 60));
        await runner.BegunAsync(Token);
        var waiting = worker.SubmitAsync(Command("waiting", seconds: 5));

        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(ReplyStatus.Timeout, (await waiting).Status);
        _open.Set();
        await running;
        await worker.SubmitAsync(Command("next"));
        Assert.Equal(["running", "next"], runner.Started);
    }

    [Fact]
    public async Task A_command_that_expires_while_it_waits_is_refused_then_and_never_started()
    {
        var runner = new ScriptedRunner(WaitUntilOpen);
        using var worker = Start(runner);
        var running = worker.SubmitAsync(Command("running", seconds: 60));
        await runner.BegunAsync(Token);
        var waiting = worker.SubmitAsync(Command("waiting") with { StartBy = _clock.GetUtcNow() + TimeSpan.FromSeconds(3) });
        _clock.Advance(TimeSpan.FromSeconds(3));
        var refused = await waiting;
        Assert.Equal(ReplyStatus.Refused, refused.Status);
        Assert.StartsWith("The command expired", refused.Sentence, StringComparison.Ordinal);
        _open.Set();
        await running;
        Assert.Equal(["running"], runner.Started);
    }

    [Fact]
    public async Task A_command_that_started_before_its_expiry_may_finish()
    {
        var runner = new ScriptedRunner(WaitUntilOpen);
        using var worker = Start(runner);
        var running = worker.SubmitAsync(Command("running") with { StartBy = _clock.GetUtcNow() + TimeSpan.FromSeconds(3) });
        await runner.BegunAsync(Token);
        _clock.Advance(TimeSpan.FromSeconds(10));
        _open.Set();
        Assert.Equal(ReplyStatus.Ok, (await running).Status);
    }

    [Fact]
    public async Task At_its_deadline_a_running_command_is_cancelled_and_answered_with_a_timeout()
    {
        var runner = new ScriptedRunner((_, cancelled) =>
        {
            cancelled.WaitHandle.WaitOne();
            throw new OperationCanceledException(cancelled);
        });
        using var worker = Start(runner);
        var reply = worker.SubmitAsync(Command("a", seconds: 5));
        await runner.BegunAsync(Token);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("The command was not done within 5 s; ask for less at once or send it again.", (await reply).Sentence);
    }

    [Fact]
    public async Task A_cancelled_runner_may_still_say_what_it_has_moved()
    {
        var runner = new ScriptedRunner((c, cancelled) =>
        {
            cancelled.WaitHandle.WaitOne();
            return Reply.Refusal(c.Id, ReplyStatus.Timeout, "The light is on; the fan was not reached in time.");
        });
        using var worker = Start(runner);
        var reply = worker.SubmitAsync(Command("a", seconds: 5));
        await runner.BegunAsync(Token);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("The light is on; the fan was not reached in time.", (await reply).Sentence);
    }

    [Fact]
    public async Task A_stuck_runner_keeps_nobody_waiting()
    {
        var runner = new ScriptedRunner(WaitUntilOpen);
        using var worker = Start(runner);
        var stuck = worker.SubmitAsync(Command("stuck", seconds: 5));
        await runner.BegunAsync(Token);
        var behind = worker.SubmitAsync(Command("behind", seconds: 6));
        _clock.Advance(TimeSpan.FromSeconds(5) + CommandWorker.Grace);
        Assert.Equal(ReplyStatus.Timeout, (await stuck).Status);
        Assert.Equal(ReplyStatus.Timeout, (await behind).Status);
        _open.Set();
    }

    [Fact]
    public async Task Stopping_cancels_what_runs_and_refuses_what_waits_and_what_comes()
    {
        var runner = new ScriptedRunner((_, cancelled) =>
        {
            cancelled.WaitHandle.WaitOne();
            throw new OperationCanceledException(cancelled);
        });
        using var worker = Start(runner);
        var running = worker.SubmitAsync(Command("running"));
        await runner.BegunAsync(Token);
        var waiting = worker.SubmitAsync(Command("waiting"));

        Assert.True(worker.Stop());
        var late = worker.SubmitAsync(Command("late"));
        Assert.All(await Task.WhenAll(running, waiting, late), r => Assert.Equal((ReplyStatus.Refused, CommandWorker.Stopping), (r.Status, r.Sentence)));
        Assert.Equal(["running"], runner.Started);
    }

    private Reply WaitUntilOpen(Command command, CancellationToken cancelled)
    {
        _open.Wait(CancellationToken.None);
        return ScriptedRunner.Said(command, "Done.");
    }

    private Command Command(string id, double seconds = 30) =>
        new(id, "do it", _clock.GetUtcNow(), _clock.GetUtcNow() + TimeSpan.FromSeconds(seconds), "test");

    [Fact]
    public void Whoever_asks_how_many_wait_gets_an_answer_also_after_the_end()
    {
        var worker = Start(new ScriptedRunner());
        worker.Dispose();
        Assert.Equal(0, worker.Waiting);
    }

    private CommandWorker Start(ScriptedRunner runner, int capacity = 8)
    {
        var worker = new CommandWorker(new CommandQueue(capacity), runner, _clock);
        worker.Start();
        return worker;
    }
}
