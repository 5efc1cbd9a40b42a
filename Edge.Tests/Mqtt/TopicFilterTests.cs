using Edge.Runtime.Mqtt;
using Xunit;

namespace Edge.Tests.Mqtt;

public class TopicFilterTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/c", true)]
    [InlineData("#", "a/b", true)]
    [InlineData("#", "$SYS/a", false)]
    [InlineData("+/a", "$SYS/a", false)]
    [InlineData("+/b/#", "a/b/c/d", true)]
    [InlineData("a/b", "a/b/", false)]
    public void A_filter_selects_topics_as_MQTT_says(string filter, string topic, bool selects) => Assert.Equal(selects, TopicFilter.Matches(filter, topic));

    [Theory]
    [InlineData("a/b", true)]
    [InlineData("+/+/#", true)]
    [InlineData("", false)]
    [InlineData("a+", false)]
    [InlineData("a/#/b", false)]
    [InlineData("a#", false)]
    public void A_wildcard_stands_alone_in_its_level(string filter, bool valid) => Assert.Equal(valid, TopicFilter.IsValid(filter));
}
