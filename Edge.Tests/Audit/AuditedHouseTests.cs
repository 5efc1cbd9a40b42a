using Edge.Functions.Audit;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Audit;

public sealed class AuditedHouseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_moves_is_written_down_before_and_after_and_reads_are_not()
    {
        using (var house = House())
        {
            house.Call("turn_on", """{"device":"lamp"}""");
            house.Call("get_state", """{"device":"lamp"}""");
            house.Call("turn_on", """{"device":"moon"}""");
            house.Call("unlock_door", """{"lock":"door"}""");
            house.House.Safeguards.ModelFailed();
        }

        Assert.Equal(
            ["permit lamp on", "done Lamp is on.", "denied", "asked Unlock door? Say yes within 30s.", "safe Every output went to its safe value: the model broke."],
            Entries().Select(e => e.StartsWith("denied", StringComparison.Ordinal) ? "denied" : e));
        Assert.Empty(AuditReader.Verify(Folder).Faults);
    }

    [Fact]
    public void A_permit_is_on_the_disk_before_the_line_moves()
    {
        using var house = House();
        IReadOnlyList<string> seen = [];
        house.Lines.LevelChanged += (_, _) => seen = Entries();
        house.Call("turn_on", """{"device":"lamp"}""");
        Assert.Equal(["permit lamp on"], seen);
    }

    [Fact]
    public void What_cannot_be_written_down_is_not_done()
    {
        using var house = House();
        NoRoom();
        var denied = Assert.IsType<FunctionResult.Denied>(house.Call("turn_on", """{"device":"lamp"}"""));
        Assert.Equal("unlogged", denied.Denial.Code);
        Assert.StartsWith("Nothing was moved, as the audit log cannot be written (", denied.Sentence, StringComparison.Ordinal);
        Assert.False(house.Lines.IsHigh(17));
    }

    [Fact]
    public void Unless_the_owner_would_rather_have_it_done()
    {
        using var house = House("onFull: act");
        NoRoom();
        Assert.IsType<FunctionResult.Done>(house.Call("turn_on", """{"device":"lamp"}"""));
        Assert.True(house.Lines.IsHigh(17));
    }

    [Fact]
    public void Reading_and_going_safe_need_no_log()
    {
        using var house = House();
        NoRoom();
        Assert.IsType<FunctionResult.Done>(house.Call("get_state", """{"device":"lamp"}"""));
        house.House.GoSafe();
    }

    [Fact]
    public void A_simulated_house_writes_no_log_unless_told_to()
    {
        Assert.Null(AuditSettings.Default.FolderFor(isSimulated: true));
        Assert.Equal(AuditSettings.FolderDefault, AuditSettings.Default.FolderFor(isSimulated: false));
    }

    private string Folder => Path.Combine(_folder.FullName, "audit");

    private TestHouse House(string more = "onFull: refuse") => new($$"""
        devices:
          - {name: lamp, kind: light, line: 17}
          - {name: door, kind: lock, line: 27}
        audit: {folder: {{Folder}}, {{more}}}
        """);

    /// <summary>A file where the folder was: nothing can be written there.</summary>
    private void NoRoom()
    {
        foreach (string file in Directory.GetFiles(Folder))
        {
            File.Delete(file);
        }

        Directory.Delete(Folder);
        File.WriteAllText(Folder, "");
    }

    private IReadOnlyList<string> Entries() => [.. AuditReader.Last(Folder, 100).Select(l => $"{l.Entry.GetProperty("kind").GetString()} {l.Entry.GetProperty("said").GetString()}")];
}
