using System.Text.Json;
using Edge.Runtime.Prompts.Jinja;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Prompts.Jinja;

public sealed class JinjaTemplateTests
{
    /// <summary>Conversations and templates rendered by Jinja 3.1.6, set as Hugging Face's transformers sets it.</summary>
    [Fact]
    public void Every_golden_text_is_what_Jinja_itself_writes()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "Edge.Tests", "Prompts", "Jinja", "golden.json")));
        foreach (var row in golden.RootElement.EnumerateArray())
        {
            string name = row.GetProperty("template").GetString()!;
            string? source = row.GetProperty("source").GetString() ?? Shared(name);
            if (source is null)
            {
                continue;
            }

            var values = row.GetProperty("values").EnumerateObject().Select(v => (v.Name, Values.Of(v.Value)));
            Assert.Equal((name, row.GetProperty("expected").GetString()), (name, new JinjaTemplate(source).Render(values)));
        }
    }

    [Theory]
    [InlineData("{% if a %}", "endif is missing")]
    [InlineData("{% endif %}", "the statement endif is not one Edge has")]
    [InlineData("a\n{{ b", "line 2: {{ has no }}")]
    [InlineData("{{ 'b }}", "{{ has no }}")]
    [InlineData("{{ a b }}", "\"b\" is not understood here")]
    [InlineData("{{ a + }}", "an expression ends too early")]
    [InlineData("{% include 'x' %}", "the statement include is not one Edge has")]
    [InlineData("{{ ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1 }}", "nested more than 64 times")]
    public void A_malformed_template_is_one_line(string source, string said) =>
        Assert.Contains(said, Assert.Throws<TemplateException>(() => new JinjaTemplate(source)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{{ 1 | nonsense }}", "the filter nonsense is not one Edge has")]
    [InlineData("{{ open('x') }}", "the function open is not one Edge has")]
    [InlineData("{{ 'a'.__class__() }}", "the method __class__ is not one Edge has")]
    [InlineData("{{ a.b.c }}", "b is asked of something that is not there")]
    [InlineData("{{ raise_exception('no system role') }}", "it says \"no system role\"")]
    [InlineData("{{ [1] }}", "write it with tojson")]
    [InlineData("{{ 'a' + 1 }}", "neither two numbers nor two texts")]
    [InlineData("{{ 1 // 0 }}", "cannot be done with 1 and 0")]
    [InlineData("{% for i in range(99999) %}{% endfor %}", "more than 10000")]
    [InlineData("{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}", "it takes more than")]
    [InlineData("{% for i in range(9999) %}{% for j in range(9999) %}{{ j }}{% endfor %}{% endfor %}", "it takes more than")]
    [InlineData("{% set ns = namespace(t='aaaaaaaaaaaaaaaa') %}{% for i in range(99) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}", "longer than 1048576")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", "longer than 65536 items")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l | tojson }}", "tojson writes more than")]
    [InlineData("{% set l = [] %}{% set x = l.append(l) %}{{ l | tojson }}", "tojson writes more than")]
    [InlineData("{% set l = [] %}{% for i in range(9999) %}{% for j in range(99) %}{% set x = l.append(1) %}{% endfor %}{% endfor %}", "longer than 65536 items")]
    [InlineData("{% set a = 'aaaaaaaaaaaaaaaa' %}{% set ns = namespace(t=a) %}{% for i in range(9) %}{% set ns.t = ns.t.replace('a', a) %}{% endfor %}", "longer than 1048576")]
    [InlineData("{{ range(9999) | join('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') }}", "longer than 1048576")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "calls itself more than 64 times")]
    public void A_template_that_does_what_it_cannot_is_one_line(string source, string said)
    {
        string message = Assert.Throws<TemplateException>(() => new JinjaTemplate(source).Render()).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void What_is_not_there_is_empty_to_filters() =>
        Assert.Equal("[]0|", new JinjaTemplate("[{{ a | trim }}]{{ a | length }}|{% for k, v in a | items %}x{% endfor %}{{ a | join(',') }}").Render());

    [Fact]
    public void Lists_that_hold_themselves_are_compared_without_end_being_reached() =>
        Assert.Equal("no", new JinjaTemplate("{% set a = [] %}{% set b = [] %}{% set x = a.append(a) %}{% set x = b.append(b) %}{{ 'yes' if a == b else 'no' }}").Render());

    private static string? Shared(string name)
    {
        if (SharedFolder.Find($"tokenizers/{name}.tokenizer_config.json") is not { } path)
        {
            return null;
        }

        using var config = JsonDocument.Parse(File.ReadAllBytes(path));
        return config.RootElement.GetProperty("chat_template").GetString();
    }
}
