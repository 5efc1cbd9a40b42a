using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Calls;

public class PayloadFillerTests
{
    [Theory]
    [InlineData("\"{text}\"", "a \"b\"")]
    [InlineData("""{"m":"{text}","n":"{level}","k":5}""", """{"m":"a \u0022b\u0022","n":40,"k":5}""")]
    [InlineData("\"{\\\"m\\\":\\\"{text}\\\",\\\"n\\\":{level}}\"", """{"m":"a \u0022b\u0022","n":40}""")]
    [InlineData("\"level {level} of {unknown}\"", "level 40 of {unknown}")]
    [InlineData("""["{level}","x{level}"]""", """[40,"x40"]""")]
    public void Arguments_are_put_in_without_leaving_their_place(string payload, string filled) =>
        Assert.Equal(filled, Fill("a/b", payload).Payload);

    [Fact]
    public void A_topic_takes_arguments() => Assert.Equal("room/40/set", Fill("room/{level}/set", "\"\"").Topic);

    [Theory]
    [InlineData("a/b")]
    [InlineData("#")]
    [InlineData("+")]
    [InlineData("")]
    [InlineData("a\nb")]
    public void An_argument_cannot_widen_a_topic(string value)
    {
        var arguments = new Dictionary<string, JsonElement> { ["text"] = TestHouse.Json(JsonSerializer.Serialize(value)) };
        var step = PayloadFiller.Fill(new ActionTemplate.Publish("room/{text}", TestHouse.Json("\"x\""), false), arguments);
        Assert.Equal("out-of-range", step.Denial?.Code);
    }

    private static PublishAction Fill(string topic, string payload)
    {
        var arguments = new Dictionary<string, JsonElement> { ["text"] = TestHouse.Json("\"a \\\"b\\\"\""), ["level"] = TestHouse.Json("40") };
        return Assert.IsType<PublishAction>(PayloadFiller.Fill(new ActionTemplate.Publish(topic, TestHouse.Json(payload), false), arguments).Action);
    }
}
