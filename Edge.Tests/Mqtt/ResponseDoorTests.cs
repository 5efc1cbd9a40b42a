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

    [Theory]
    [InlineData("zigbee2mqtt/lamp/set")]
    [InlineData("house/lamp/set")]
    [InlineData("house/lamp/state")]
    [InlineData("house/availability")]
    [InlineData("homeassistant/status")]
    [InlineData("hermes/tts/say")]
    public void A_strangers_reply_may_not_command_a_hub_unless_the_owner_allows_it(string topic)
    {
        Assert.Contains("could command other devices", ResponseDoor.Refusal(topic, Own, []), StringComparison.Ordinal);
        Assert.Null(ResponseDoor.Refusal(topic, Own, [topic]));
        Assert.Null(ResponseDoor.Refusal(topic, Own));
    }

    [Fact]
    public void With_a_list_only_what_it_selects_is_allowed_and_the_own_replies()
    {
        string[] list = ["panels/+/reply"];
        Assert.Null(ResponseDoor.Refusal("panels/hall/reply", Own, list));
        Assert.Null(ResponseDoor.Refusal("edge/home/reply/me", Own, list));
        Assert.Contains("not on this Edge's list", ResponseDoor.Refusal("panels/reply", Own, list), StringComparison.Ordinal);
    }

    [Fact]
    public void No_list_opens_what_Edge_listens_to() =>
        Assert.Contains("Edge itself uses", ResponseDoor.Refusal("edge/home/command", Own, ["#"]), StringComparison.Ordinal);

    [Fact]
    public void A_topic_over_the_limit_is_refused() =>
        Assert.Contains("has 257 bytes", ResponseDoor.Refusal(new string('a', 257), Own), StringComparison.Ordinal);
}
