using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Runtime.Commands;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Commands;

public sealed class ContradictionTests : IDisposable
{
    private readonly TestHouse _house = new("""
        devices:
          - {name: kitchen light, kind: light, line: 17}
          - {name: living room light, kind: dimmer, pwm: 0}
          - {name: living room fan, kind: fan, line: 22}
          - {name: hall lamp, kind: light, line: 27}
          - {name: front door, kind: contact, line: 5}
        """);

    [Theory]
    [InlineData("dim the kitchen light to 30 percent", "set_brightness", """{"light":"living room light","brightness":30}""", "other-device", "kitchen light")]
    [InlineData("set the living room light to 300", "set_brightness", """{"light":"living room light","brightness":30}""", "out-of-range", "300")]
    [InlineData("set the living room light to 150", "set_brightness", """{"light":"living room light","brightness":100}""", "out-of-range", "150")]
    [InlineData("set the living room light to -20", "set_brightness", """{"light":"living room light","brightness":20}""", "out-of-range", "-20")]
    public void What_the_sentence_contradicts_is_refused_with_the_way_out(string text, string name, string arguments, string code, string says)
    {
        var denial = Find(text, Call(name, arguments));
        Assert.Equal(code, denial?.Code);
        Assert.Contains(says, denial!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dim the living room light to 30", "set_brightness", """{"light":"living room light","brightness":30}""")]
    [InlineData("dim the living room to 30", "set_brightness", """{"light":"living room light","brightness":30}""")]
    [InlineData("at 2024 set the living room light to half", "set_brightness", """{"light":"living room light","brightness":50}""")]
    [InlineData("turn on the lamp", "turn_on", """{"device":"hall lamp"}""")]
    [InlineData("turn on the light", "turn_on", """{"device":"kitchen light"}""")]
    [InlineData("if the front door is open turn on the corridor lamp", "turn_on", """{"device":"hall lamp"}""")]
    [InlineData("turn on the living room fan and the light", "turn_on", """{"device":"living room light"}""")]
    [InlineData("is the kitchen light on", "get_state", """{"device":"living room light"}""")]
    public void What_might_be_meant_is_carried_out(string text, string name, string arguments) => Assert.Null(Find(text, Call(name, arguments)));

    [Fact]
    public void A_device_that_another_call_is_about_is_not_missed()
    {
        var other = Call("turn_on", """{"device":"living room light"}""");
        Assert.Null(Contradiction.Find("turn on the kitchen light and the parlour light", other, [Call("turn_on", """{"device":"kitchen light"}"""), other], _house.House.Catalog));
    }

    public void Dispose() => _house.Dispose();

    private static FunctionCall Call(string name, string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        return new FunctionCall(name, document.RootElement.Clone());
    }

    private Denial? Find(string text, FunctionCall call) => Contradiction.Find(text, call, [call], _house.House.Catalog);
}
