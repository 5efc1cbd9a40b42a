using System.Text;
using Edge.Runtime.Mqtt;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Mqtt;

public class RecentCommandsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void The_same_message_under_the_same_id_is_a_repetition()
    {
        var recent = new RecentCommands(_clock);
        Assert.Equal(Novelty.New, recent.Add(Message("on"), "7"));
        Assert.Equal(Novelty.Again, recent.Add(Message("on"), "7"));
    }

    [Fact]
    public void Another_message_under_a_used_id_is_none_and_is_not_done()
    {
        var recent = new RecentCommands(_clock);
        recent.Add(Message("on"), "7");
        Assert.Equal(Novelty.UsedName, recent.Add(Message("off"), "7"));
    }

    [Fact]
    public void An_id_is_unique_per_client()
    {
        var recent = new RecentCommands(_clock);
        Assert.Equal(Novelty.New, recent.Add(Message("on") with { Client = "a" }, "7"));
        Assert.Equal(Novelty.New, recent.Add(Message("on") with { Client = "b" }, "7"));
        Assert.Equal(Novelty.New, recent.Add(Message("on", response: "panel/reply"), "7"));
        Assert.Equal(Novelty.Again, recent.Add(Message("on") with { Client = "b" }, "7"));
    }

    [Fact]
    public void Correlation_data_is_unique_per_response_topic()
    {
        var recent = new RecentCommands(_clock);
        Assert.Equal(Novelty.New, recent.Add(Message("on", "a/reply", [1, 2]), null));
        Assert.Equal(Novelty.New, recent.Add(Message("on", "b/reply", [1, 2]), null));
        Assert.Equal(Novelty.Again, recent.Add(Message("on", "a/reply", [1, 2]), null));
        Assert.Equal(Novelty.UsedName, recent.Add(Message("off", "a/reply", [1, 2]), null));
    }

    [Fact]
    public void What_has_no_name_is_always_new()
    {
        var recent = new RecentCommands(_clock);
        Assert.Equal(Novelty.New, recent.Add(Message("on"), null));
        Assert.Equal(Novelty.New, recent.Add(Message("on"), null));
    }

    [Fact]
    public void A_command_that_was_not_begun_may_come_again()
    {
        var recent = new RecentCommands(_clock);
        recent.Add(Message("on"), "7");
        recent.Remove(Message("on"), "7");
        Assert.Equal(Novelty.New, recent.Add(Message("on"), "7"));
    }

    [Fact]
    public void The_window_is_ten_minutes_and_a_number_of_commands()
    {
        var recent = new RecentCommands(_clock, countMax: 3);
        recent.Add(Message("on"), "old");
        _clock.Advance(RecentCommands.Window);
        Assert.Equal(Novelty.Again, recent.Add(Message("on"), "old"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Novelty.New, recent.Add(Message("on"), "old"));
        for (int i = 0; i < 3; i++)
        {
            recent.Add(Message("on"), $"{i}");
        }

        Assert.Equal(Novelty.New, recent.Add(Message("on"), "old"));
        Assert.Equal(Novelty.Again, recent.Add(Message("on"), "2"));
    }

    private static CommandMessage Message(string text, string? response = null, byte[]? correlation = null) => new(Encoding.UTF8.GetBytes(text), ResponseTopic: response, CorrelationData: correlation);
}
