using Edge.Runtime.Mqtt;
using Xunit;

namespace Edge.Tests.Mqtt;

public class ResponseDoorTests
{
    private static readonly Topics Own = new("home");

    [Theory]
    [InlineData("my/reply")]
    [InlineData("edge/home/reply")]
    [InlineData("edge/home/reply/kitchen-panel")]
    [InlineData("edge/other/reply")]
    [InlineData("/")]
    public void A_topic_of_the_senders_own_is_allowed(string topic) => Assert.Null(ResponseDoor.Refusal(topic, Own));

    [Theory]
    [InlineData("my/+/reply", "wildcard")]
    [InlineData("#", "wildcard")]
    [InlineData("my/\0", "wildcard")]
    [InlineData("$SYS/reply", "belongs to the broker")]
    [InlineData("$share/g/reply", "belongs to the broker")]
    [InlineData("edge/home/command", "Edge itself uses")]
    [InlineData("edge/home/availability", "Edge itself uses")]
    [InlineData("edge/home/devices/lamp/state", "Edge itself uses")]
    [InlineData("edge/home/devices/lamp/set", "Edge itself uses")]
    [InlineData("edge/other/command", "Edge itself uses")]
    [InlineData("edge/other/devices/lamp/set", "Edge itself uses")]
    [InlineData("", "has 0 bytes")]
    public void A_topic_by_which_a_reply_could_act_is_refused(string topic, string reason) =>
        Assert.Contains(reason, ResponseDoor.Refusal(topic, Own), StringComparison.Ordinal);

    [Fact]
    public void A_topic_over_the_limit_is_refused() =>
        Assert.Contains("has 257 bytes", ResponseDoor.Refusal(new string('a', 257), Own), StringComparison.Ordinal);
}
