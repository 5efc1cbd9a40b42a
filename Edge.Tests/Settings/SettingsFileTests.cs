using CsCheck;
using Edge.Functions.Settings;
using Xunit;

namespace Edge.Tests.Settings;

public class SettingsFileTests
{
    private readonly SettingsFaults _faults = [];

    [Fact]
    public void A_key_given_twice_names_both_lines()
    {
        Parse("mqtt:\n  port: 1\n  port: 2\n");
        Assert.Equal("port is given twice, first in line 2; keep one (edge.yaml, line 3).", Assert.Single(_faults).Message);
    }

    [Fact]
    public void Broken_YAML_is_one_fault_with_its_line()
    {
        var root = Parse("mqtt:\n  port: [1\nx: 2\n");
        string message = Assert.Single(_faults).Message;
        Assert.Contains("cannot be read as YAML", message, StringComparison.Ordinal);
        Assert.Matches(@"\(edge\.yaml, line [234]\)\.$", message);
        Assert.False(root.IsPresent);
    }

    [Fact]
    public void A_missing_file_is_a_fault_with_the_way_out()
    {
        var root = SettingsFile.Read("no/such/edge.yaml", _faults);
        Assert.Equal("no/such/edge.yaml does not exist; write one, or name another with --config.", Assert.Single(_faults).Message);
        Assert.Equal(7, root.Integer("x", 7, 0, 9));
    }

    [Fact]
    public void Deep_nesting_is_refused_before_the_stack_ends()
    {
        Parse(string.Concat(Enumerable.Repeat("[", 100_000)));
        Assert.Contains("levels of nesting", Assert.Single(_faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_is_refused()
    {
        Parse("a: &x 1\nb: *x\n");
        Assert.Contains("alias *x", Assert.Single(_faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_an_empty_section()
    {
        var root = Parse("# nothing yet\n");
        root.Done();
        Assert.Empty(_faults);
        Assert.False(root.IsPresent);
    }

    [Fact]
    public void A_list_at_the_top_is_a_fault()
    {
        Parse("- a\n- b\n");
        Assert.Equal("edge.yaml is a list; use keys and values, each as \"key: value\" (edge.yaml, line 1).", Assert.Single(_faults).Message);
    }

    [Fact]
    public void More_faults_than_the_limit_are_counted()
    {
        for (int i = 0; i < 60; i++)
        {
            _faults.Add($"fault {i}");
        }

        Assert.Equal(SettingsFaults.FaultsMax, _faults.Count);
        Assert.Equal("… and 11 more faults; repair these first.", _faults[^1].Message);
    }

    [Fact]
    public void Any_text_is_settings_or_faults_but_never_an_exception()
    {
        string[] pieces = ["a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", "\"", "'", "#", "&x", "*x", "!", "|", ">", "1", "%", "\t", "?", ",", "---", "...", "\0", "é"];
        Gen.Int[0, pieces.Length - 1].Array[0, 30].Sample(
            picks => SettingsFile.Parse(string.Concat(picks.Select(i => pieces[i])), "edge.yaml", []).Done());
    }

    private SettingsSection Parse(string text) => SettingsFile.Parse(text, "edge.yaml", _faults);
}
