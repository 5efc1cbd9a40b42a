using Edge.Runtime.Mqtt;
using Edge.Runtime.Mqtt.Boards;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Mqtt;

public class TopicsTests
{
    [Fact]
    public void Every_topic_has_its_row_in_the_table()
    {
        var topics = new Topics("<id>".Trim('<', '>'));
        string[] used =
        [
            topics.Command, topics.DeviceSet("device"), topics.Simulation("device"), topics.Reply, topics.ReplyTo("client"), topics.Availability, topics.DeviceState("device"), topics.Event, topics.Status,
            BoardTopics.Announcement("id"), BoardTopics.Call("id", "brain"), BoardTopics.Answer("id", "hands"), BoardTopics.Brain("house", "id"), BoardTopics.Work("house", "id"), BoardTopics.Done("house", "id"),
        ];
        Assert.Equal(Topics.Table.Select(r => r.Topic.Replace("<", "", StringComparison.Ordinal).Replace(">", "", StringComparison.Ordinal)), used);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("Edge.Runtime/Mqtt/README.md")]
    public void The_table_stands_in_README(string file)
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, file)).Where(line => line.StartsWith("| `edge/", StringComparison.Ordinal));
        Assert.Equal(Topics.Table.Select(row => row.ToString()), rows);
    }

    [Theory]
    [InlineData("living room lamp", "edge/home/devices/living_room_lamp/state")]
    [InlineData("a/b+c#d$", "edge/home/devices/a_b_c_d_/state")]
    public void A_device_is_one_topic_level(string device, string topic) => Assert.Equal(topic, new Topics("home").DeviceState(device));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("küche")]
    [InlineData("a b")]
    public void What_could_break_a_topic_is_no_id(string id) => Assert.Throws<ArgumentException>(() => new Topics(id));
}
