using System.Text.RegularExpressions;
using Edge.Runtime.Hosting.Journal;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Edge.Tests.Hosting.Journal;

public sealed partial class JournalLogTests : IDisposable
{
    private readonly FakeJournal _journal = new();
    private readonly JournalLog _log;

    public JournalLogTests() => _log = new JournalLog(JournalSocket.Open(_journal.Path)!);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ILogger Logger => _log.CreateLogger("Edge.Kitchen");

    public void Dispose()
    {
        _log.Dispose();
        _journal.Dispose();
    }

    [Fact]
    public async Task Every_value_of_a_record_is_a_field()
    {
        NotSet(Logger, "kitchen light", "mqtt:panel", 12.5, new InvalidOperationException("the line is busy"));
        var fields = await _journal.NextAsync(Token);
        Assert.Equal("kitchen light was not set by mqtt:panel after 12.5 ms InvalidOperationException: the line is busy", fields["MESSAGE"]);
        Assert.Equal("4", fields["PRIORITY"]);
        Assert.Equal("edge", fields["SYSLOG_IDENTIFIER"]);
        Assert.Equal("Edge.Kitchen", fields["LOGGER"]);
        Assert.Equal("7", fields["EVENT_ID"]);
        Assert.Equal("NotSet", fields["EVENT_NAME"]);
        Assert.Equal("kitchen light", fields["EDGE_DEVICE"]);
        Assert.Equal("mqtt:panel", fields["EDGE_CLIENT"]);
        Assert.Equal("12.5", fields["EDGE_AFTER_MS"]);
        Assert.StartsWith("System.InvalidOperationException: the line is busy", fields["EDGE_EXCEPTION"]);
        Assert.Equal(10, fields.Count);
    }

    [Theory]
    [InlineData(LogLevel.Critical, "2")]
    [InlineData(LogLevel.Error, "3")]
    [InlineData(LogLevel.Warning, "4")]
    [InlineData(LogLevel.Information, "6")]
    [InlineData(LogLevel.Debug, "7")]
    [InlineData(LogLevel.Trace, "7")]
    public async Task A_level_is_syslog_s_priority(LogLevel level, string priority)
    {
        Logger.Log(level, "x");
        Assert.Equal(priority, (await _journal.NextAsync(Token))["PRIORITY"]);
    }

    [Theory]
    [InlineData("on\nMESSAGE=the house burns\nPRIORITY=0\n")]
    [InlineData("\n")]
    [InlineData("a\0b=c\u001b[2J")]
    [InlineData("")]
    public async Task Words_from_outside_make_no_field_of_their_own(string device)
    {
        NotSet(Logger, device, "mqtt", 1, null);
        var fields = await _journal.NextAsync(Token);
        Assert.Equal(device, fields["EDGE_DEVICE"]);
        Assert.Equal($"{device} was not set by mqtt after 1 ms", fields["MESSAGE"]);
        Assert.Equal("4", fields["PRIORITY"]);
        Assert.Equal(9, fields.Count);
    }

    [Fact]
    public async Task Half_a_character_does_not_lose_the_record()
    {
        NotSet(Logger, "\ud83d", "mqtt", 1, null);
        Assert.Equal("\ufffd", (await _journal.NextAsync(Token))["EDGE_DEVICE"]);
    }

    [Fact]
    public async Task A_value_that_is_too_long_is_cut_between_characters_and_says_so()
    {
        NotSet(Logger, new string('é', 100_000), "mqtt", 1, null);
        string device = (await _journal.NextAsync(Token))["EDGE_DEVICE"];
        Assert.Equal(new string('é', JournalRecord.ValueBytesMax / 2) + "… (183616 bytes cut)", device);
    }

    [Fact]
    public void A_record_fits_into_one_datagram_and_names_what_it_left_out()
    {
        var record = new JournalRecord();
        for (int i = 0; i < 1000; i++)
        {
            record.Add($"EDGE_{i}", new string('x', 20_000));
        }

        Assert.InRange(record.Bytes.Length, JournalRecord.RecordBytesMax / 2, JournalRecord.RecordBytesMax);
        Assert.Contains("EDGE_LEFT_OUT=EDGE_3\n", System.Text.Encoding.ASCII.GetString(record.Bytes));
    }

    [Theory]
    [InlineData("Id", "EDGE_ID")]
    [InlineData("PrefillMs", "EDGE_PREFILL_MS")]
    [InlineData("device", "EDGE_DEVICE")]
    [InlineData("_hidden", "EDGE__HIDDEN")]
    [InlineData("a.b-ü c", "EDGE_A_B___C")]
    [InlineData("", "EDGE")]
    [InlineData("USB3Port", "EDGE_USB3_PORT")]
    [InlineData("AVeryLongNameThatGoesOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOnAndOn", null)]
    public void Field_names_are_those_that_the_journal_takes(string key, string? expected)
    {
        string name = JournalRecord.NameOf(key);
        Assert.Matches(FieldName(), name);
        Assert.True(expected is null || name == expected, name);
    }

    [Fact]
    public async Task What_a_stuck_journal_did_not_take_is_counted_and_told_when_it_is_back()
    {
        // Nobody reads: the kernel's queue fills up, and no call may wait for it.
        using var other = JournalSocket.Open(_journal.Path)!;
        for (int i = 0; i < 1_000_000 && other.TrySend("MESSAGE=x\n"u8); i++)
        {
        }

        Logger.LogInformation("lost");
        Logger.LogInformation("lost, too");
        while (_journal.Waiting > 0)
        {
            Assert.Equal("x", (await _journal.NextAsync(Token))["MESSAGE"]);
        }

        Logger.LogInformation("back");
        Assert.Equal("back", (await _journal.NextAsync(Token))["MESSAGE"]);
        var told = await _journal.NextAsync(Token);
        Assert.Equal("The journal did not take 2 records before this one; they are lost.", told["MESSAGE"]);
        Assert.Equal("4", told["PRIORITY"]);
    }

    [Fact]
    public void Without_the_socket_there_is_no_journal() => Assert.Null(JournalSocket.Open(_journal.Path + "-not"));

    [Fact]
    public void A_journal_that_went_away_harms_nobody()
    {
        File.Delete(_journal.Path);
        Logger.LogInformation("lost");
    }

    [LoggerMessage(7, LogLevel.Warning, "{Device} was not set by {Client} after {AfterMs} ms")]
    private static partial void NotSet(ILogger log, string device, string client, double afterMs, Exception? fault);

    [GeneratedRegex("^[A-Z][A-Z0-9_]{0,63}$")]
    private static partial Regex FieldName();
}
