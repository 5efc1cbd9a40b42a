using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Calls;
using Edge.Functions.Handlers;
using Edge.Runtime.Commands;
using Xunit;

namespace Edge.Tests.Commands;

public class ReplyJsonTests
{
    [Fact]
    public void A_reply_is_one_object_with_calls_results_and_timing()
    {
        var arguments = JsonElement.Parse("""{"device":"kitchen light","on":true}""");
        var reply = new Reply(
            "7",
            ReplyStatus.Failed,
            "The kitchen light is on. It's 21.5 °C.",
            [new FunctionCall("set_light", arguments)],
            [
                new FunctionResult.Done("set_light", new JsonObject { ["on"] = true }, "The kitchen light is on."),
                new FunctionResult.Denied("unlock", new Denial("not-exposed", "The door is not exposed.")),
                new FunctionResult.Failed("read_temperature", "The sensor does not answer."),
            ],
            new CommandTiming(1.234, 5.678, 9, 100, 80, 12, 30, 14, QueueMs: 0.5, GateMs: 0.25, HandsMs: 1));

        Assert.Equal(
            """
            {"id":"7","status":"failed","sentence":"The kitchen light is on. It's 21.5 °C.",
            "calls":[{"name":"set_light","arguments":{"device":"kitchen light","on":true}}],
            "results":[{"name":"set_light","status":"done","values":{"on":true}},
            {"name":"unlock","status":"denied","code":"not-exposed","message":"The door is not exposed."},
            {"name":"read_temperature","status":"failed","message":"The sensor does not answer."}],
            "timing":{"queueMs":0.5,"prefillMs":1.23,"decodeMs":5.68,"gateMs":0.25,"handsMs":1,"totalMs":9,"promptTokens":100,"cachedTokens":80,"decodedTokens":12,"forcedTokens":30,"modelSteps":14}}
            """.ReplaceLineEndings(""),
            ReplyJson.ToText(reply));
    }

    [Theory]
    [InlineData(ReplyStatus.Ok, "ok")]
    [InlineData(ReplyStatus.Failed, "failed")]
    [InlineData(ReplyStatus.Refused, "refused")]
    [InlineData(ReplyStatus.Busy, "busy")]
    [InlineData(ReplyStatus.Timeout, "timeout")]
    [InlineData(ReplyStatus.Error, "error")]
    public void A_status_is_one_word_in_lower_case(ReplyStatus status, string word) => Assert.Equal(word, ReplyJson.Name(status));
}
