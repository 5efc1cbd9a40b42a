using Edge.Functions.Calls;
using Edge.Functions.Handlers;
using Edge.Runtime.Commands;
using Edge.Runtime.Hosting.Journal;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Edge.Tests.Hosting.Journal;

/// <summary>What a command leaves in the journal.</summary>
public sealed class CommandRecordTests : IDisposable
{
    private const string Doors = "devices: [{name: lamp, kind: light, line: 17}, {name: door, kind: lock, line: 26}]";

    private readonly FakeJournal _journal = new();
    private readonly LoggerFactory _logs;
    private readonly TestHouse _house = new(Doors);

    public CommandRecordTests() => _logs = new LoggerFactory([new JournalLog(JournalSocket.Open(_journal.Path)!)]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _logs.Dispose();
        _house.Dispose();
        _journal.Dispose();
    }

    [Fact]
    public async Task A_command_leaves_one_record_of_who_what_and_how_long()
    {
        var fields = await AfterAsync(Calling(), Command("7", """turn_on {"device":"lamp"}; unlock_door {"lock":"door"}; turn_on {"device":"moon"}"""));
        Assert.Equal("103", fields["EVENT_ID"]);
        Assert.Equal("6", fields["PRIORITY"]);
        Assert.Equal("7", fields["EDGE_ID"]);
        Assert.Equal("mqtt:panel", fields["EDGE_CLIENT"]);
        Assert.Equal("failed", fields["EDGE_STATUS"]);
        Assert.Equal("turn_on; unlock_door; turn_on", fields["EDGE_CALLS"]);
        Assert.Matches(@"^done; asked; denied \([a-z-]+\)$", fields["EDGE_DECISIONS"]);
        foreach (string phase in (string[])["QUEUE", "PREFILL", "DECODE", "GATE", "HANDS", "TOTAL"])
        {
            Assert.Matches(@"^\d+(\.\d{1,2})?$", fields[$"EDGE_{phase}_MS"]);
        }

        Assert.Equal(0, _journal.Waiting);
    }

    [Fact]
    public async Task Calls_are_named_with_their_arguments()
    {
        var call = new FunctionCall("turn_on", TestHouse.Json("""{"device":"lamp"}"""));
        var fields = await AfterAsync(
            new ScriptedRunner((c, _) => new Reply(c.Id, ReplyStatus.Ok, "Lamp is on.", [call], [new FunctionResult.Done("turn_on", [], "Lamp is on.")], new CommandTiming())), Command("7", "x"));
        Assert.Equal("""turn_on {"device":"lamp"}""", fields["EDGE_CALLS"]);
        Assert.Equal("done", fields["EDGE_DECISIONS"]);
    }

    [Fact]
    public async Task The_words_of_a_command_are_in_no_record()
    {
        var fields = await AfterAsync(new ScriptedRunner((c, _) => ScriptedRunner.Said(c, "No.")), Command("7", "my PIN is 2468"));
        Assert.DoesNotContain(fields.Values, v => v.Contains("2468", StringComparison.Ordinal));
        Assert.Equal("nothing", fields["EDGE_CALLS"]);
    }

    private static Command Command(string id, string text) => new(id, text, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1), "mqtt:panel");

    private CallerRunner Calling() => CallingRunner.For(_house.House);

    private async Task<IReadOnlyDictionary<string, string>> AfterAsync(ICommandRunner runner, Command command)
    {
        using var worker = new CommandWorker(new CommandQueue(), runner, TimeProvider.System, _logs.CreateLogger<CommandWorker>());
        worker.Start();
        await worker.SubmitAsync(command);
        return await _journal.NextAsync(Token);
    }
}
