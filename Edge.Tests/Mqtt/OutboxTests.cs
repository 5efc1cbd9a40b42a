using Edge.Runtime.Mqtt;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Mqtt;

public class OutboxTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_stays_until_it_is_sent()
    {
        using var outbox = new Outbox();
        var reply = Message("reply");
        await outbox.AddReplyAsync(reply, Token);
        Assert.Same(reply, await outbox.NextAsync(Token));
        Assert.Same(reply, await outbox.NextAsync(Token));
        outbox.Sent(reply);
        Assert.Null(outbox.Peek());
    }

    [Fact]
    public async Task Replies_go_before_states()
    {
        using var outbox = new Outbox();
        outbox.SetState(Message("state"));
        await outbox.AddReplyAsync(Message("reply"), Token);
        Assert.Equal("reply", outbox.Peek()!.Topic);
    }

    [Fact]
    public void Of_a_state_only_the_newest_waits()
    {
        using var outbox = new Outbox();
        var old = Message("lamp");
        outbox.SetState(old);
        var newest = Message("lamp");
        outbox.SetState(newest);

        // The old one was on its way while it was replaced.
        outbox.Sent(old);
        Assert.Same(newest, outbox.Peek());
        outbox.Sent(newest);
        Assert.Null(outbox.Peek());
    }

    [Fact]
    public void Past_the_limit_the_oldest_state_is_dropped()
    {
        using var outbox = new Outbox(statesMax: 2);
        outbox.SetState(Message("1"));
        outbox.SetState(Message("2"));
        outbox.SetState(Message("3"));
        Assert.Equal("2", outbox.Peek()!.Topic);
    }

    [Fact]
    public async Task Past_the_limit_a_reply_waits_for_room_and_none_is_dropped()
    {
        using var outbox = new Outbox(repliesMax: 1);
        var first = Message("1");
        await outbox.AddReplyAsync(first, Token);
        var second = outbox.AddReplyAsync(Message("2"), Token);
        Assert.False(second.IsCompleted);
        outbox.Sent(first);
        await second;
        Assert.Equal("2", outbox.Peek()!.Topic);
    }

    [Fact]
    public async Task Who_waits_for_the_next_message_gets_it()
    {
        using var outbox = new Outbox();
        var next = outbox.NextAsync(Token);
        outbox.SetState(Message("lamp"));
        Assert.Equal("lamp", (await next).Topic);
    }

    private static MqttApplicationMessage Message(string topic) => new() { Topic = topic };
}
