using Edge.Functions;
using Edge.Functions.Calls;
using Edge.Functions.Handlers;
using Edge.Runtime.Commands;

namespace Edge.Tests.Fakes;

/// <summary>In place of a model: a command is the calls themselves, <c>turn_on {"device":"lamp"}; turn_off {"device":"fan"}</c>.</summary>
internal static class CallingRunner
{
    public static CallerRunner For(House house)
    {
        var runner = new CallerRunner(house.Dispatcher, TimeProvider.System);
        runner.Words = new ScriptedRunner((command, _) =>
        {
            var results = command.Text.Split(';', StringSplitOptions.TrimEntries)
                .Select(call => runner.Invoke(new FunctionCall(call.Split(' ', 2)[0], TestHouse.Json(call.Split(' ', 2)[1])))).ToList();
            var status = results.TrueForAll(r => r is FunctionResult.Done) ? ReplyStatus.Ok : ReplyStatus.Failed;
            return new Reply(command.Id, status, string.Join(' ', results.Select(r => r.Sentence)), [], results, new CommandTiming());
        });
        return runner;
    }
}
